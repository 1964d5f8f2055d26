"""What the months are called, in full and in short, in many languages."""

from __future__ import annotations

import re
from typing import Final

from engine.data.files.column_names import fold

# January first, in lower case and without accents; as the Unicode Common Locale Data Repository has them.
_NAMES: Final = (
    """january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuuta tammi tammikuu jaanuar jaan
    janvaris sausio saus sausis stycznia sty styczen ledna led leden januara sijecnja sij sijecanj јануар јан
    јануари януари яну ianuarie ian января янв январь січня січ січень студзеня сту студзень ιανουαριου ιαν
    ιανουαριοσ ocak oca janar gener urtarrila urt xaneiro xan ינואר ינו يناير ژانویه जनवरी जन জানুযারি জানু
    იანვარი იან հունվարի հնվ հունվար yanvar yan қаңтар қаң januarie janner""",
    """february feb februar fevrier fevr febrero febbraio fevereiro fev februari helmikuuta helmi helmikuu veebruar
    veebr februaris febr vasario vas vasaris lutego lut luty unora uno unor februara veljace velj veljaca фебруар
    феб февруари фев februarie февраля февр февраль лютого лют лютии лютага люты φεβρουαριου φεβ φεβρουαριοσ subat
    sub shkurt shk febrer otsaila ots febreiro פברואר פבר فبراير فوریه फरवरी फर ফেবরুযারি ফেব თებერვალი თებ
    փետրվարի փտվ փետրվար fevral ақпан ақп pebrero peb feber""",
    """march mar marz mars marzo marco maart mrt marts maaliskuuta maalis maaliskuu kovo kov kovas marca marzec
    brezna bre brezen marec marcius marc ozujka ozu ozujak март мар mart martie марта березня бер березень
    сакавіка сак сакавік μαρτιου μαρ μαρτιοσ martxoa maret mac מרץ مارس मारच মারচ მარტი მარ մարտի մրտ մարտ наурыз
    нау machi marso mrz""",
    """april apr avril avr abril abr aprile huhtikuuta huhti huhtikuu aprill aprilis balandzio bal balandis kwietnia
    kwi kwiecien dubna dub duben aprila travnja tra travanj април апр aprilie апреля апрель квітня квіт квітень
    красавіка кра красавік απριλιου απρ απριλιοσ nisan nis prill pri apirila api אפריל אפר ابريل اوریل अपरैल এপরিল
    এপরি აპრილი აპრ ապրիլի ապր ապրիլ aprel сәуір сәу aprili""",
    """may mai mayo maggio mag maio mei maj toukokuuta touko toukokuu maijs geguzes geg geguze maja kvetna kve kveten
    majus svibnja svi svibanj мај маи мая травня трав травень μαιου μαι μαιοσ mayıs maig maiatza מאי مايو مه मई মে
    მაისი მაი մայիսի մյս մայիս мамыр мам""",
    """june jun juni juin junio giugno giu junho kesakuuta kesa kesakuu juuni junijs birzelio birz birzelis czerwca
    cze czerwiec cervna cvn cerven juna junius junij lipnja lipanj јун јуни юни iunie iun июня июн июнь червня
    черв червень чэрвеня чэр чэрвень ιουνιου ιουν ιουνιοσ haziran haz qershor qer juny ekaina eka xuno יוני يونيو
    ژوين जून জুন ივნისი ივნ հունիսի հնս հունիս iyun iyn маусым мау junie hunyo hun""",
    """july jul juli juillet juil julio luglio lug julho heinakuuta heina heinakuu juuli julijs liepos liep liepa
    lipca lip lipiec cervence cvc cervenec jula julius julij srpnja srpanj јул јули юли iulie iul июля июл июль
    липня лип липень ліпеня ліп ліпень ιουλιου ιουλ ιουλιοσ temmuz tem korrik korr juliol uztaila uzt xullo xul
    julai יולי يوليو ژويیه जुलाई जुल জুলাই জুল ივლისი ივლ հուլիսի հլս հուլիս iyul iyl шілде шіл julie hulyo hul""",
    """august aug aout agosto ago augustus augusti elokuuta elo elokuu agust agu augusts rugpjucio rugp rugpjutis
    sierpnia sie sierpien srpna srp srpen augusta augusztus avgust avg kolovoza kol kolovoz август авг августа
    серпня серп серпень жніуня жні жнівень αυγουστου αυγ αυγουστοσ agustos gusht gush agost ag abuztua abu agustus
    ogos ogo אוגוסט אוג اغسطس اوت अगसत अग আগসট আগ აგვისტო აგვ օգոստոսի օգս օգոստոս avqust avq тамыз там agosti aou""",
    """september sep sept septembre septiembre settembre set setembro syyskuuta syys syyskuu septembris rugsejo rugs
    rugsejis wrzesnia wrz wrzesien zari zar septembra szeptember szept rujna ruj rujan септембар сеп septembar
    септември septembrie сентября сент сентябрь вересня вер вересень верасня верасень σεπτεμβριου σεπ σεπτεμβριοσ
    eylul eyl shtator sht setembre iraila ira ספטמבר ספט سبتمبر سپتامبر सितंबर सित সেপটেমবর সেপ সেপট სექტემბერი
    სექ սեպտեմբերի սեպ սեպտեմբեր sentyabr sen қыркүиек қыр sentabr septemba setyembre setiembre сен""",
    """october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta loka lokakuu oktoober oktobris
    spalio spal spalis pazdziernika paz pazdziernik rijna rij rijen oktobra октобар окт oktobar октомври octombrie
    октября октябрь жовтня жовт жовтень кастрычніка кас кастрычнік οκτωβριου οκτ οκτωβριοσ ekim eki tetor tet
    urria urr אוקטובר אוק اكتوبر اکتبر अकटूबर अकटू অকটোবর অকটো ოქტომბერი ოქტ հոկտեմբերի հոկ հոկտեմբեր oktyabr
    қазан қаз oktabr oktoba oktubre""",
    """november nov novembre noviembre novembro marraskuuta marras marraskuu novembris lapkricio lapkr lapkritis
    listopada lis listopad listopadu novembra studenoga stu studeni новембар нов novembar ноември ное noiembrie
    ноября нояб ноябрь листопада лист листопад лістапада ліс лістапад νοεμβριου νοε νοεμβριοσ kasım kas nentor nen
    azaroa aza נובמבר נוב نوفمبر نوامبر नवंबर नव নভেমবর নভে ნოემბერი ნოე նոյեմբերի նոյ նոյեմբեր noyabr noy қараша
    қар novemba nobyembre nob ноя""",
    """december dec dezember dez decembre diciembre dic dicembre dezembro desember des joulukuuta joulu joulukuu
    detsember dets decembris gruodzio gruod gruodis grudnia gru grudzien prosince pro prosinec decembra prosinca
    prosinac децембар дец decembar декември дек decembrie декабря декабрь грудня груд грудень снежня сне снежань
    δεκεμβριου δεκ δεκεμβριοσ aralık ara dhjetor dhj desembre abendua abe decembro disember dis דצמבר דצמ ديسمبر
    دسامبر दिसंबर दिस ডিসেমবর ডিসে დეკემბერი დეკ դեկտեմբերի դեկ դեկտեմբեր dekabr dek желтоқсан жел desemba
    disyembre""",
)
# In Croatian some names mean other months than in Polish, Czech and Slovak.
_CROATIAN: Final = {"lip": 6, "srp": 7, "lis": 10, "listopad": 10, "listopada": 10}
_MONTHS: Final = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_NUMBERED: Final = re.compile(r"(\d{1,2})[月월]")
_AROUND: Final = ".׳॰"  # after what is abbreviated


def month_of(name: str, *, croatian: bool = False) -> int:
    """The month that a name or a number means, 1 to 12 ("March", "Mär.", "марта", "03", "3月"); 0 for others.
    croatian: what the name means in Croatian, if that is different."""
    name = name.strip()
    if found := _NUMBERED.fullmatch(name):
        name = found[1]
    if name.isdecimal():
        return int(name) if len(name) < 3 and 1 <= int(name) <= 12 else 0
    folded = fold(name).strip(_AROUND)
    return (_CROATIAN if croatian and folded in _CROATIAN else _MONTHS).get(folded, 0)


def means_two_months(name: str) -> bool:
    """Whether a name means different months in different languages."""
    return fold(name).strip(_AROUND) in _CROATIAN
