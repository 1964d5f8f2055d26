"""Sentences with people, organizations and places, tagged B- (begins), I- (inside) and O (outside).

Many names have several meanings (Paris is a girl and a city, Amazon a shop and a river), so the words around a name
have to be read. Every template makes clear which one is meant.
"""

from __future__ import annotations

from random import Random

from engine.data.samples.sample import read_tagged
from engine.data.samples.sentence_templates import TaggedSentence, capitalised, fill, slot, tagged

COUNT = 2_400  # sentences, hand-written ones included
TAGS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")

FIRST_NAMES = (
    "Chirag Anna Maria Tom Jack Emma Liam Noah Olivia Sophie Lucas Hugo Camille Pierre Marie Hans Greta Karl Ingrid "
    "Lars Sven Astrid Ivan Olga Natasha Boris Nikos Eleni Ravi Priya Anil Sunita Arjun Meera Amir Layla Omar Fatima "
    "Hassan Yasmin Mehmet Zeynep Yuki Hiroshi Keiko Kenji Wei Mei Min Jun Linh Minh Kofi Ama Chidi Ngozi Zuri Tunde "
    "Carlos Lucia Diego Elena Miguel Carmen Marco Giulia Paolo Chiara David Sarah Daniel Ruth Sean Niamh Rhys "
    "Megan George Grace"
)
LAST_NAMES = (
    "Smith Jones Brown Taylor Wilson Walker Baker Clark Martin Dubois Moreau Schmidt Weber Fischer Larsen Hansen Berg "
    "Novak Petrov Ivanova Papadakis Sharma Patel Gupta Singh Rao Khan Haddad Nasser Yilmaz Tanaka Sato Suzuki "
    "Chen Wang Li Kim Park Nguyen Tran Mensah Okafor Mwangi Dlamini Garcia Lopez Silva Costa Rossi Romano "
    "Cohen Levi Murphy Evans"
)
PERSON_OR_PLACE = "Paris Jordan Florence Victoria Sydney Georgia Charlotte Austin Lincoln Chelsea Santiago Washington"
ORGANIZATIONS = (
    "Microsoft Google Apple Toyota Siemens Samsung Sony Infosys Reliance Intel Nokia Volvo Airbus Boeing Unilever "
    "Renault Bosch Honda Nintendo Adobe Lufthansa Unicef Interpol"
)
ORGANIZATION_OR_OTHER = "Amazon Amazon Amazon Ford Ford Tesla Tesla Disney Disney Chelsea Barcelona Liverpool Philips"
WITH_ARTICLE = (
    "Bank of India",
    "Bank of England",
    "University of Oxford",
    "University of Sydney",
    "University of Florence",
    "New York Times",
    "Red Cross",
    "World Bank",
    "United Nations",
    "Royal Society",
)
WITHOUT_ARTICLE = ("Air India", "Air France", "British Airways", "General Motors", "Real Madrid", "Deutsche Bank")
PLACES = (
    "India London Berlin Mumbai Delhi Tokyo Kenya Brazil Madrid Rome Egypt France Japan Phoenix Lima Cairo Lagos "
    "Oslo Vienna Athens Moscow Beijing Seoul Hanoi Ghana Chile Norway Texas Bengal Goa Oxford Barcelona "
    "Liverpool Kolkata Chennai"
)
LONG_PLACES = (
    "New York",
    "New Delhi",
    "South Africa",
    "Sri Lanka",
    "Hong Kong",
    "San Francisco",
    "Los Angeles",
    "Cape Town",
    "Rio de Janeiro",
    "New Zealand",
    "United Kingdom",
    "Buenos Aires",
)
NATURE = ("Amazon", "Amazon", "Amazon", "Nile", "Ganges", "Alps", "Himalayas", "Black Sea", "Rio Grande", "Red Sea")


def _spans(names: tuple[str, ...], kind: str) -> list[str]:
    """Names of several words, as fillings: "New/B-LOC York/I-LOC"."""
    return [" ".join(f"{word}/{'I' if i else 'B'}-{kind}" for i, word in enumerate(name.split())) for name in names]


def _plain(words: str) -> list[str]:
    """Fillings that are not names; several words are joined by "_"."""
    return [" ".join(f"{word}/O" for word in phrase.split("_")) for phrase in words.split()]


SLOTS = {
    "first": slot(FIRST_NAMES, "B-PER"),
    "either": slot(PERSON_OR_PLACE, "B-PER"),
    "last": slot(LAST_NAMES, "I-PER"),
    "per": ["<first>", "<first>", "<either>", "<either>", "<first> <last>", "<first> <last>", "<either> <last>"],
    "surname": slot(LAST_NAMES + " Ford Ford Ford Disney Disney Lincoln Washington", "B-PER"),
    "company": slot(ORGANIZATIONS, "B-ORG"),
    "double": slot(ORGANIZATION_OR_OTHER, "B-ORG"),
    "long": [*_spans(WITHOUT_ARTICLE, "ORG"), *(f"the/O {name}" for name in _spans(WITH_ARTICLE, "ORG"))],
    "org": ["<company>", "<company>", "<double>", "<double>", "<long>"],
    "place": slot(PLACES, "B-LOC"),
    "city": slot(PERSON_OR_PLACE, "B-LOC"),
    "loc": ["<place>", "<place>", "<city>", "<city>", "<wide>"],
    "wide": _spans(LONG_PLACES, "LOC"),
    "nature": _spans(NATURE, "LOC"),
    "job": _plain("doctor teacher nurse driver cook lawyer pilot painter engineer writer"),
    "worked": _plain("worked works started learned"),
    "went": _plain("flew went moved travelled drove came_back"),
    "said": _plain("said wrote thinks hopes knows"),
    "met": _plain("met saw phoned helped thanked married"),
    "likes": _plain("likes loves plays_with talked_to wrote_to smiled_at"),
    "year": _plain("1987 1995 2003 2010 2016 2021"),
    "when": ["", *_plain("yesterday last_week in_May on_Monday two_years_ago every_summer")],
    "adj": _plain("new old big small quiet famous strange good"),
    "thing": _plain("phone car plane game book train film camera"),
    "noun": _plain("house dog garden school kitchen market boat window"),
    "who": _plain("he she they we nobody everyone"),
}
TEMPLATES = (
    "<per> <worked> at/O <org> in/O <loc> <when> ./O",
    "<per> <went> to/O <loc> <when> ./O",
    "<per> <went> from/O <loc> to/O <loc> <when> ./O",
    "<per> and/O <per> live/O in/O <loc> ./O",
    "<per> was/O born/O in/O <loc> in/O <year> ./O",
    "<per> <met> a/O <job> from/O <loc> <when> ./O",
    "my/O friend/O <per> <likes> a/O <adj> <job> from/O <org> ./O",
    "<when> my/O friend/O <per> visited/O the/O city/O of/O <loc> ./O",
    "Mr/O <surname> is/O the/O head/O of/O <org> ./O",
    "Mrs/O <surname> <went> to/O <loc> with/O her/O friend/O <per> ./O",
    "the/O <job> <per> joined/O <org> <when> ./O",
    "<org> opened/O a/O <adj> office/O in/O <loc> <when> ./O",
    "<org> bought/O a/O part/O of/O <org> in/O <year> ./O",
    "shares/O of/O <org> rose/O <when> ./O",
    "<org> sells/O a/O <adj> <thing> in/O <loc> ./O",
    "the/O <thing> was/O made/O by/O <org> in/O <loc> ./O",
    "a/O <job> at/O <org> <met> his/O friend/O <per> in/O <loc> ./O",
    "the/O boss/O of/O <org> is/O called/O <per> ./O",
    "<who> <went> down/O the/O <nature> by/O boat/O <when> ./O",
    "the/O <nature> is/O far/O from/O <loc> ./O",
    "<org> has/O nothing/O to/O do/O with/O the/O <nature> ./O",
    "the/O city/O of/O <loc> is/O <adj> and/O <adj> ./O",
    "<loc> is/O a/O <adj> place/O ./O",
    "<per> is/O a/O <adj> <job> ./O",
    "<per> <said> that/O <loc> is/O a/O <adj> place/O ./O",
    "<per> <said> that/O <org> sells/O a/O <adj> <thing> ./O",
    "is/O <per> a/O <job> in/O <loc> ?/O",
    "does/O your/O friend/O <per> work/O at/O <org> ?/O",
    "<who> <worked> in/O a/O <adj> <noun> near/O <loc> ./O",
    "<who> <went> to/O the/O <adj> <noun> <when> ./O",
    "the/O <adj> <job> bought/O a/O <adj> <thing> <when> ./O",
    "<city> is/O a/O <adj> place/O ,/O and/O <either> is/O a/O <adj> <job> ./O",
    "<either> was/O born/O in/O <city> and/O <worked> at/O <double> ./O",
    "<double> opened/O a/O <adj> office/O near/O the/O <nature> ./O",
)


def entities(seed: int = 0) -> list[TaggedSentence]:
    """(words, tags), well-formed BIO, no sentence twice."""
    random = Random(seed)
    rows = {tuple(words): tags for words, tags in read_tagged("entities.txt")}
    while len(rows) < COUNT:
        words, tags = capitalised(tagged(fill(random.choice(TEMPLATES), SLOTS, random)))
        rows.setdefault(tuple(words), tags)
    result = [(list(words), tags) for words, tags in rows.items()]
    random.shuffle(result)
    return result
