"""What columns that say when are called, in many languages."""

from __future__ import annotations

from typing import Final

from engine.data.files.column_names import fold, folded_words, words_in_name

YEARS: Final = folded_words(
    """year yr yyyy years jahr jahre année an año ano anno rok roku år ár jaar vuosi aasta gads metai év godina
    год години година рік έτος χρόνος yıl sene tahun năm שנה سنة عام سال वर्ष 年 年份 年度 年次 연도 년도 년 season
    saison temporada"""
)
MONTHS: Final = folded_words(
    """month mon mo mm mth monat mois mes mese mês miesiąc měsíc mesiac mjesec maand månad måned mánuður kuukausi
    kuu mėnuo mēnesis hónap hó luna lună месяц місяць месец μήνας ay bulan tháng חודש شهر ماه महीना माह 月 月份 월"""
)
DAYS: Final = folded_words(
    """day dy dd tag jour día dia giorno dzień den deň dan dag dagur päivä päev diena nap zi день ден ημέρα μέρα
    gün hari ngày יום يوم روز दिन 日 일"""
)
HOURS: Final = folded_words(
    """hour hours hr hh stunde stunden heure hora ora oră godzina hodina uur timme klukkustund tunti tund stunda
    valanda óra sat час ώρα saat jam giờ שעה ساعة ساعت घंटा 时 時 小时 시"""
)
MINUTES: Final = folded_words(
    """minute minutes min mn minuten minuta minuto minuut minuutti perc минута хвилина λεπτό dakika menit phút
    דקה دقيقة دقیقه मिनट 分 分钟 분"""
)
SECONDS: Final = folded_words(
    """second seconds sec ss sekunde sekunden seconde segundo secondo sekunda sekund sekunti másodperc секунда
    saniye detik giây שנייה ثانية ثانیه सेकंड 秒 초"""
)
CLOCKS: Final = folded_words(
    "time clock zeit uhrzeit tid klokkeslett klockslag heure hora ora время час czas čas idő saat 時刻 时刻 시각"
)
_DATES: Final = folded_words(
    """date time timestamp datetime datum zeit zeitpunkt zeitstempel uhrzeit horodatage fecha tiempo дата время
    czas čas tid dato aika päivämäärä zaman tarih idő dátum timp χρόνος ημερομηνία waktu tanggal זמן תאריך
    تاريخ وقت زمن زمان तारीख समय 日期 日付 日時 年月 年月日 月日 날짜 시간 일시 시각"""
)
_COUNTS: Final = folded_words(
    "day period week kw quarter t step index ts dt epoch yyyymm yearmonth ms millis utc unix unixtime elapsed"
)
# Shorter names may be anything: min and hr are what was measured, too.
_LONG: Final = frozenset(
    one for one in YEARS | MONTHS | DAYS | HOURS | MINUTES | SECONDS if len(one) > 3 or not one.isascii()
)
_NAMES: Final = _LONG | _DATES | _COUNTS
_IN_NAMES: Final = (
    _LONG | _DATES | folded_words("t ts ms year epoch millis utc unix unixtime elapsed uptime temps tempo instant")
)
_DURATIONS: Final = folded_words(
    """duration durations elapsed lap laps laptime lasted runtime pace dauer laufzeit fahrzeit gehzeit rundenzeit
    durée duree duración duracion durata duração duracao duur looptijd varaktighet varighet varighed kesto czas_trwania
    doba_trvání длительность продолжительность тривалість süre 所要時間 経過時間 时长 時長 소요시간"""
)
_JOINED_DURATIONS: Final = ("dauer", "duration", "laufzeit")  # Gesamtdauer
_UNITS: Final = folded_words("s ms us ns µs sec secs second seconds min mins h hr hrs hour hours d day days sek std")
_INSIDE: Final = tuple(folded_words("時間 时间 時刻 时刻 日時 시간 시각"))  # of names that no spaces divide


def is_named_like_time(name: str) -> bool:
    """Whether a column is called year, Zeit, дата or t and nothing else."""
    return fold(name.strip()) in _NAMES


def speaks_of_time(name: str) -> bool:
    """Whether a column's name has such a word, beside its unit perhaps: time_ms, Zeit [s], elapsed time."""
    words = words_in_name(name)
    while len(words) > 1 and words[-1] in _UNITS:
        words.pop()
    return bool(words) and (words[-1] in _IN_NAMES or words[0] in _IN_NAMES or any(one in name for one in _INSIDE))


def speaks_of_duration(name: str) -> bool:
    """Whether a column's name says how long something takes: Dauer, Gesamtdauer, lap time, elapsed_time."""
    words = [*words_in_name(name), fold(name.strip())]
    return any(word in _DURATIONS or word.endswith(_JOINED_DURATIONS) for word in words)
