"""The words of the English–French sample, with the forms that agreement needs.

"you" is "tu" and "they" is "ils" throughout, so that each English phrase has only one translation.
"""

from __future__ import annotations

from typing import NamedTuple

# Index of the person in every conjugation below: i, you, he, she, we, they.
ENGLISH = ("i", "you", "he", "she", "we", "they")
FRENCH = ("je", "tu", "il", "elle", "nous", "ils")
AM = ("am", "are", "is", "is", "are", "are")
AM_SHORT = ("i'm", "you're", "he's", "she's", "we're", "they're")
THIRD = (False, False, True, True, False, False)  # takes "does" and the -s


class VerbForms(NamedTuple):
    """An English verb with its form after "he", and the five French forms (je, tu, il, nous, ils)."""

    base: str
    third: str
    french: str

    def form(self, person: int) -> str:
        """The French form for the person."""
        return self.french.split()[(0, 1, 2, 2, 3, 4)[person]]


class Noun(NamedTuple):
    """An English noun, the French one, and its gender "m" or "f"."""

    english: str
    french: str
    gender: str


def _nouns(table: str) -> tuple[Noun, ...]:
    """ "dog chien m, …" → nouns; "_" stands for a space inside a noun."""
    rows = (row.split() for row in table.split(","))
    return tuple(Noun(english.replace("_", " "), french.replace("_", " "), gender) for english, french, gender in rows)


ETRE = VerbForms("be", "is", "suis es est sommes sont")
AVOIR = VerbForms("have", "has", "ai as a avons ont")
ALLER = VerbForms("go", "goes", "vais vas va allons vont")

# English, then the French masculine, feminine and plural (masculine) forms.
ADJECTIVES = tuple(
    tuple(row.strip().split("|"))
    for row in """
tired|fatigué|fatiguée|fatigués
ill|malade|malade|malades
happy|heureux|heureuse|heureux
sad|triste|triste|tristes
rich|riche|riche|riches
poor|pauvre|pauvre|pauvres
young|jeune|jeune|jeunes
old|vieux|vieille|vieux
tall|grand|grande|grands
small|petit|petite|petits
strong|fort|forte|forts
weak|faible|faible|faibles
ready|prêt|prête|prêts
busy|occupé|occupée|occupés
alone|seul|seule|seuls
nice|gentil|gentille|gentils
funny|drôle|drôle|drôles
calm|calme|calme|calmes
proud|fier|fière|fiers
jealous|jaloux|jalouse|jaloux
famous|célèbre|célèbre|célèbres
serious|sérieux|sérieuse|sérieux
french|français|française|français
english|anglais|anglaise|anglais
indian|indien|indienne|indiens
late|en retard|en retard|en retard
early|en avance|en avance|en avance
angry|en colère|en colère|en colère
here|ici|ici|ici
at home|à la maison|à la maison|à la maison
""".strip().splitlines()
)

# States that take "be" in English and "avoir" in French.
HAVING = (
    ("cold", "froid"),
    ("hot", "chaud"),
    ("hungry", "faim"),
    ("thirsty", "soif"),
    ("afraid", "peur"),
    ("right", "raison"),
    ("wrong", "tort"),
    ("sleepy", "sommeil"),
    ("ashamed", "honte"),
)

# Verbs that go with any thing, with small things only, and with things that open.
VERBS = (
    VerbForms("see", "sees", "vois vois voit voyons voient"),
    VerbForms("look for", "looks for", "cherche cherches cherche cherchons cherchent"),
    VerbForms("find", "finds", "trouve trouves trouve trouvons trouvent"),
    VerbForms("want", "wants", "veux veux veut voulons veulent"),
    VerbForms("like", "likes", "aime aimes aime aimons aiment"),
    VerbForms("buy", "buys", "achète achètes achète achetons achètent"),
    VerbForms("sell", "sells", "vends vends vend vendons vendent"),
    VerbForms("choose", "chooses", "choisis choisis choisit choisissons choisissent"),
    VerbForms("watch", "watches", "regarde regardes regarde regardons regardent"),
)
SMALL_VERBS = (
    VerbForms("take", "takes", "prends prends prend prenons prennent"),
    VerbForms("carry", "carries", "porte portes porte portons portent"),
    VerbForms("forget", "forgets", "oublie oublies oublie oublions oublient"),
    VerbForms("lose", "loses", "perds perds perd perdons perdent"),
    VerbForms("hide", "hides", "cache caches cache cachons cachent"),
)
DOOR_VERBS = (
    VerbForms("open", "opens", "ouvre ouvres ouvre ouvrons ouvrent"),
    VerbForms("close", "closes", "ferme fermes ferme fermons ferment"),
)
SMALL = _nouns(
    "book livre m, key clé f, bag sac m, letter lettre f, hat chapeau m, cup tasse f, knife couteau m, "
    "bottle bouteille f, phone téléphone m, apple pomme f, bread pain m, money argent m, "
    "umbrella parapluie m, ball ballon m, newspaper journal m, flower fleur f, shirt chemise f, "
    "map carte f"
)
LARGE = _nouns(
    "car voiture f, house maison f, dog chien m, cat chat m, bed lit m, table table f, chair chaise f, "
    "horse cheval m, boat bateau m, tree arbre m, bicycle vélo m, garden jardin m"
)
OPENING = _nouns(
    "door porte f, window fenêtre f, bag sac m, box boîte f, letter lettre f, book livre m, "
    "bottle bouteille f, shop magasin m"
)
OWNED = _nouns(
    "car voiture f, house maison f, dog chien m, cat chat m, garden jardin m, boat bateau m, "
    "bicycle vélo m, brother frère m, sister sœur f, son fils m, daughter fille f, problem problème m, "
    "idea idée f, umbrella parapluie m, key clé f, question question f, friend ami m, "
    "appointment rendez-vous m"
)
PLACES = _nouns(
    "station gare f, market marché m, school école f, hospital hôpital m, cinema cinéma m, "
    "beach plage f, office bureau m, church église f, library bibliothèque f, restaurant restaurant m, "
    "pharmacy pharmacie f, museum musée m, airport aéroport m, bank banque f, park parc m, "
    "hotel hôtel m"
)
FAMILY = _nouns(
    "brother frère m, sister sœur f, father père m, mother mère f, son fils m, daughter fille f, "
    "uncle oncle m, aunt tante f, friend ami m, neighbour voisin m, cousin cousin m, dog chien m, "
    "cat chat m, grandmother grand-mère f, grandfather grand-père m"
)
ORDERS = _nouns(
    "coffee café m, tea thé m, beer bière f, glass_of_water verre_d'eau m, room chambre f, "
    "ticket billet m, sandwich sandwich m, soup soupe f, salad salade f, cake gâteau m, map carte f, "
    "newspaper journal m, cup_of_tea tasse_de_thé f, bottle_of_wine bouteille_de_vin f, pizza pizza f, "
    "apple pomme f"
)
FURNITURE = {
    "on": _nouns("table table f, chair chaise f, bed lit m, box boîte f, boat bateau m"),
    "under": _nouns("table table f, chair chaise f, bed lit m, tree arbre m, car voiture f"),
    "in": _nouns("house maison f, garden jardin m, box boîte f, car voiture f, kitchen cuisine f, bag sac m"),
    "behind": _nouns("house maison f, door porte f, tree arbre m, car voiture f, church église f"),
    "in front of": _nouns("house maison f, door porte f, station gare f, school école f, church église f"),
}
PREPOSITIONS = {"on": "sur", "under": "sous", "in": "dans", "behind": "derrière", "in front of": "devant"}

# my, your, his, her, our, their: before a masculine, and before a feminine noun.
POSSESSIVES = (
    ("my", "mon", "ma"),
    ("your", "ton", "ta"),
    ("his", "son", "sa"),
    ("her", "son", "sa"),
    ("our", "notre", "notre"),
    ("their", "leur", "leur"),
)

# English after "want to", and the French infinitive.
ACTIONS = (
    ("come", "venir"),
    ("leave", "partir"),
    ("stay", "rester"),
    ("wait", "attendre"),
    ("eat", "manger"),
    ("sleep", "dormir"),
    ("work", "travailler"),
    ("pay", "payer"),
    ("start", "commencer"),
    ("go out", "sortir"),
    ("sing", "chanter"),
    ("dance", "danser"),
    ("speak", "parler"),
    ("read", "lire"),
    ("write", "écrire"),
    ("drink", "boire"),
    ("walk", "marcher"),
    ("cook", "cuisiner"),
    ("play", "jouer"),
    ("choose", "choisir"),
)
VOULOIR = VerbForms("want to", "wants to", "veux veux veut voulons veulent")
POUVOIR = VerbForms("can", "can", "peux peux peut pouvons peuvent")
DEVOIR = VerbForms("must", "must", "dois dois doit devons doivent")

NUMBERS = (
    ("one", "un"),
    ("two", "deux"),
    ("three", "trois"),
    ("four", "quatre"),
    ("five", "cinq"),
    ("six", "six"),
    ("seven", "sept"),
    ("eight", "huit"),
    ("nine", "neuf"),
    ("ten", "dix"),
    ("eleven", "onze"),
    ("twelve", "douze"),
    ("thirteen", "treize"),
    ("fourteen", "quatorze"),
    ("fifteen", "quinze"),
    ("sixteen", "seize"),
    ("twenty", "vingt"),
    ("thirty", "trente"),
    ("forty", "quarante"),
    ("fifty", "cinquante"),
    ("sixty", "soixante"),
)
DAYS = (
    ("monday", "lundi"),
    ("tuesday", "mardi"),
    ("wednesday", "mercredi"),
    ("thursday", "jeudi"),
    ("friday", "vendredi"),
    ("saturday", "samedi"),
    ("sunday", "dimanche"),
)
