"""What columns are called, in many languages: names for texts, for labels, and for the sides of pairs."""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def fold(text: str) -> str:
    """Lower case without accents, so that Catégorie and categorie are the same."""
    if text.isascii():  # most cells of most tables, and there is nothing to take off
        return text.lower()
    parted = unicodedata.normalize("NFD", text.casefold())
    return "".join(sign for sign in parted if not unicodedata.combining(sign))


def folded_words(text: str) -> frozenset[str]:
    """The words of a text, folded."""
    return frozenset(fold(text).split())


SIDE_CODES: Final = folded_words(
    """af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr ht hu hy id is it ja ka kk km
    kn ko ku ky la lb lo lt lv mg mk ml mn mr ms mt my nb ne nl nn no pa pl ps pt ro ru sd si sk sl so sq sr sv sw ta te
    tg th tk tl tr tt uk ur uz vi xh yi yo zh zu eng deu ger fra fre spa ita por rus nld dut pol tur ara zho chi jpn kor
    hin ukr ces cze swe fin dan nor ell gre heb"""
)
TEXT_NAMES: Final = folded_words(
    """text texts sentence sentences review reviews comment comments tweet tweets message messages content body title
    question utterance phrase document headline query name names word words tokens token item items data post abstract
    summary description reviewtext form lemma inflected payee merchant verwendungszweck
    satz satze texte nachricht kommentar bewertungstext rezension frage wort worte worter titel beschreibung inhalt
    beitrag ausserung aussage
    phrases avis commentaire commentaires critique message mot mots nom noms prenom titre contenu enonce
    texto textos frase frases oracion resena comentario comentarios mensaje mensajes opinion palabra nombre titulo
    contenido pregunta
    testo testi recensione commento commenti messaggio parola nome titolo contenuto domanda
    mensagem palavra titulo avaliacao conteudo pergunta
    tekst zin zinnen recensie bericht woord naam vraag opmerking beoordeling
    zdanie zdania recenzja komentarz opinia slowo imie tytul wiadomosc pytanie tresc
    veta vety recenze komentar slovo jmeno nazev zprava otazka
    text mening meningar recension kommentar ord namn titel meddelande fraga
    setning anmeldelse ord navn tittel melding sporsmal saetning
    teksti lause arvostelu kommentti sana nimi otsikko viesti kysymys
    metin cumle yorum mesaj kelime isim ad baslik soru icerik
    szoveg mondat velemeny szo nev cim uzenet kerdes
    propozitie recenzie cuvant nume titlu mesaj intrebare
    текст тексты предложение предложения отзыв отзывы комментарий комментарии сообщение слово имя название заголовок
    вопрос фраза твит содержание речення відгук коментар повідомлення слово імя назва питання
    κειμενο προταση κριτικη σχολιο μηνυμα λεξη ονομα τιτλος ερωτηση
    文本 句子 评论 内容 标题 姓名 名字 名称 词 单词 词语 问题 正文 语句 文字 消息 評論 內容 標題 單詞 問題
    テキスト 文 文章 本文 レビュー コメント 単語 名前 タイトル 質問 発話 メッセージ
    텍스트 문장 리뷰 댓글 단어 이름 제목 질문 내용 메시지 발화
    نص النص جملة الجملة تعليق مراجعة رسالة كلمة اسم عنوان سؤال
    טקסט משפט ביקורת תגובה הודעה מילה שם כותרת שאלה
    पाठ वाक्य समीक्षा टिप्पणी संदेश शब्द नाम शीर्षक प्रश्न
    ข้อความ ประโยค รีวิว ความคิดเห็น คำ ชื่อ"""
)
LABEL_NAMES: Final = folded_words(
    """label labels class classes category categories sentiment sex gender language lang intent intents polarity topic
    emotion spam genre nationality tag tags toxic cls airlinesentiment tone mood
    etikett klasse klassen kategorie kategorien stimmung gefuhl geschlecht sprache thema absicht
    etiquette classe categorie sexe langue theme intention emotion polarite
    etiqueta clase categoria sentimiento sexo genero idioma lengua tema intencion emocion polaridad
    etichetta sentimento sesso genere lingua argomento intento emozione polarita
    rotulo classificacao emocao
    categorie geslacht taal onderwerp
    etykieta klasa kategoria sentyment plec jezyk temat emocja
    stitek trida sentiment pohlavi jazyk
    klass kategori kansla kon sprak amne
    merkelapp kjonn sprog kon etiket
    luokka kategoria tunne sukupuoli kieli aihe
    sinif duygu cinsiyet dil konu
    cimke osztaly kategoria erzelem nem nyelv tema
    eticheta clasa sentiment sex limba
    метка метки класс категория тональность пол язык тема интент эмоция тег мітка клас категорія стать мова
    ετικετα κλαση κατηγορια συναισθημα φυλο γλωσσα θεμα
    标签 类别 分类 类 情感 性别 语言 主题 意图 标注 情绪 標籤 類別 分類 性別 語言
    ラベル クラス カテゴリ カテゴリー 感情 性別 言語 分類 意図
    라벨 레이블 클래스 카테고리 감정 성별 언어 분류 의도
    تصنيف الفئة فئة مشاعر لغة جنس تسمية
    תווית קטגוריה סיווג מין שפה
    लेबल श्रेणी वर्ग भावना लिंग भाषा
    ป้ายกำกับ ประเภท หมวดหมู่ อารมณ์ เพศ ภาษา"""
)
# What a column of nothing but labels is called, rather than what they are about.
_PLAIN_LABEL_NAMES: Final = folded_words(
    """label labels class classes etikett klasse klassen etiquette classe etiqueta clase etichetta rotulo etykieta klasa
    stitek trida klass merkelapp etiket luokka sinif cimke osztaly eticheta метка метки класс мітка клас ετικετα κλαση
    标签 类别 标注 標籤 類別 ラベル クラス 라벨 레이블 클래스 تسمية תווית लेबल ป้ายกำกับ"""
)
# Columns with these names may also hold numbers, or the other side of pairs: the counts decide.
WEAK_LABEL_NAMES: Final = folded_words(
    """target rating y type score stars origin country output bewertung note nota wertung punkte valoracion
    puntuacion valutazione voto nota ocena оценка рейтинг 评分 得分 評価 평점 value price amount age year similarity
    grade overall"""
)
NUMBER_NAMES: Final = folded_words(
    """score rating value price amount age year count length similarity grade points views likes votes upvotes retweets
    downloads salary income weight height temperature percent percentage probability confidence population
    bewertung wert preis alter note prix valeur puntuacion precio valor voto prezzo valore nota ocena cena оценка
    рейтинг цена 评分 得分 价格
    評価 点数 평점 가격"""
)
# Numbers that say how often a row occurs; nobody predicts them from its text.
COUNT_NAMES: Final = folded_words(
    "count counts frequency freq occurrences anzahl häufigkeit fréquence frecuencia частота 频率 頻度"
)
OTHER_NAMES: Final = folded_words(
    """id ids idx index url link date time timestamp author user username split file filename rowid uuid key no
    nr num features feats msd datum autor auteur autore fecha fecha data дата автор 日期 作者 编号 日付 날짜 번호"""
)
_SIDE_NAMES: Final = {
    "source": """source src input prompt instruction original originaltext quelle quelltext eingabe
    term terms begriff begriffe fachbegriff fachbegriffe vokabel vokabeln termino terminos terme termes termine
    entree entrada origen fuente origine sorgente ingresso bron zrodlo wejscie zdroj kaynak
    источник оригинал 原文 源文 输入 入力 원문 입력""",
    "target": """target simplified simple corrected correction normalized normalised
    definition definitions erklarung definicion definizione
    tgt trg output translation answer response completion reply ziel zieltext ausgabe
    ubersetzung antwort cible sortie traduction reponse destino salida traduccion respuesta
    traduzione uscita risposta traducao resposta saida doel vertaling antwoord tlumaczenie
    odpowiedz wyjscie preklad odpoved hedef ceviri cevap перевод ответ переклад відповідь 译文
    翻译 答案 回答 输出 訳文 翻訳 出力 번역 답변 출력""",
    "en": """english englisch anglais ingles inglese angielski anglictina engels engelska ingilizce
    английский англійська 英文 英语 英語 영어""",
    "fr": """french franzosisch francais frances francese francuski frans franska fransizca
    французский 法文 法语 仏語 불어""",
    "de": """german deutsch allemand aleman tedesco alemao niemiecki duits tyska almanca немецкий 德文
    德语 独語 독일어""",
    "es": """spanish spanisch espagnol espanol castellano spagnolo espanhol hiszpanski spaans spanska
    испанский 西班牙语""",
    "it": "italian italienisch italien italiano wloski italiaans итальянский 意大利语",
    "pt": """portuguese portugiesisch portugais portugues portoghese portugalski португальский 葡萄牙语""",
    "nl": "dutch niederlandisch neerlandais neerlandes olandese nederlands",
    "ru": "russian russisch russe ruso russo rosyjski русский 俄文 俄语",
    "uk": "ukrainian ukrainisch ukrainien украинский українська",
    "pl": "polish polnisch polonais polaco polacco polski польский",
    "cs": "czech tschechisch tcheque checo ceco cestina",
    "tr": "turkish turkisch turc turco turkce турецкий",
    "sv": "swedish schwedisch svenska",
    "da": "danish danisch dansk",
    "fi": "finnish finnisch suomi",
    "el": "greek griechisch ελληνικα",
    "hu": "hungarian ungarisch magyar",
    "ro": "romanian rumanisch romana",
    "zh": "chinese chinesisch chinois chino cinese китайский 中文 汉语 漢語 중국어",
    "ja": "japanese japanisch japonais japones giapponese японский 日文 日语 日本語 일본어",
    "ko": "korean koreanisch coreen coreano корейский 韩文 韩语 韓国語 한국어",
    "ar": "arabic arabisch arabe arabo арабский العربية",
    "he": "hebrew hebraisch עברית",
    "hi": "hindi हिन्दी",
    "vi": "vietnamese vietnamesisch",
    "th": "thai",
    "la": "latin latein lateinisch latino latina latim łacina латинский 拉丁文 拉丁语",
    "grc": "altgriechisch",
}
TRANSLATION_NAMES: Final = folded_words(
    """translation translations ubersetzung ubersetzungen traduction traductions traduccion traduzione traducao
    vertaling tlumaczenie preklad oversattning oversaettelse oversettelse kaannos ceviri перевод переклад 译文
    翻译 訳文 翻訳 번역 meaning bedeutung"""
)
_SIDES: Final = {word: side for side, names in _SIDE_NAMES.items() for word in folded_words(names)}
# Words that accompany these in longer names.
_MODIFIERS: Final = folded_words(
    "the of a an to raw clean cleaned full main user users customer product movie film airline true gold predicted "
    "original short long new final column field de la du des del der des das van"
)
_PREDICTED: Final = folded_words("predicted prediction pred vorhergesagt vorhersage prédit prévu previsto predicho")
_CAMEL: Final = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])")
_BETWEEN: Final = re.compile(r"[\W\d_]+")
_CODE: Final = re.compile(r"([a-z]{2,3})(?:[-_][a-z]{2,4})?", re.IGNORECASE)
_LONGEST_NAME: Final = 40


def words_in_name(name: str) -> list[str]:
    """The words of a name, folded: tweet_text, tweetText and Tweet text are the same."""
    return [word for word in _BETWEEN.split(fold(_CAMEL.sub(" ", name))) if word]


def mentions(name: str, names: frozenset[str]) -> bool:
    """Whether a column's name begins or ends in one of the names."""
    words = words_in_name(name)
    return bool(words) and (words[-1] in names or words[0] in names)


def side_of(name: str) -> str:
    """The side of pairs that a column's name suggests: source, target, or the code of a language; "" if none."""
    code = _CODE.fullmatch(name.strip())
    if code is not None and fold(code[1]) in SIDE_CODES:
        return fold(code[1])
    words = words_in_name(name)
    for word in (words[-1:] + words[:1]) if words else []:
        if word in _SIDES:
            return _SIDES[word]
        if word in SIDE_CODES and len(words) > 1 and set(words) - {word} <= TEXT_NAMES | LABEL_NAMES | set(_SIDES):
            return word
    return ""


def mean_the_same(name: str, other: str) -> bool:
    """Whether two columns of answers are named alike: both are labels, numbers, or the same side of pairs."""
    if fold(name.strip()) == fold(other.strip()) or (side_of(name) and side_of(name) == side_of(other)):
        return True
    sorts = (LABEL_NAMES, NUMBER_NAMES | WEAK_LABEL_NAMES)
    return any(mentions(name, names) and mentions(other, names) for names in sorts)


def is_plain_label(name: str) -> bool:
    """Whether a column's name says label or class, and not that the label is a prediction: gold_label, Klasse."""
    return mentions(name, _PLAIN_LABEL_NAMES) and _PREDICTED.isdisjoint(words_in_name(name))


def role_of(value: str) -> str:
    """What a cell of the first row means if it names a column: "text", "label", "other", or "side:…"; "" if it may be
    anything. Stricter than `mentions`, because ordinary words and phrases occur in first rows as well."""
    words = words_in_name(value)
    if not words or len(words) > 4 or len(value) > _LONGEST_NAME:
        return ""
    known = TEXT_NAMES | LABEL_NAMES | WEAK_LABEL_NAMES | OTHER_NAMES | set(_SIDES)
    if " " in value.strip() and not all(word in known | _MODIFIERS for word in words):
        return ""
    side = side_of(value)
    if side:
        return f"side:{side}"
    for word in (words[-1], words[0]):
        if word in LABEL_NAMES or word in WEAK_LABEL_NAMES:
            return "label"
        if word in TEXT_NAMES:
            return "text"
        if word in OTHER_NAMES:
            return "other"
    return ""


def is_bare_code(value: str) -> bool:
    """Whether a value is just a language code, which may also be an ordinary word."""
    return fold(value.strip()) in SIDE_CODES
