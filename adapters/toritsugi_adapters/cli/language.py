"""Which language a person reads here, and a sentence in it."""

import os

LANGUAGES = ("ja", "en")

#: where the choice for this run is kept: one command line, one reader.
_chosen = ["ja"]


def chosen() -> str:
    """The language of this run, ja or en."""
    return _chosen[0]


def choose(language: str) -> None:
    """Speak `language` from here on."""
    _chosen[0] = language


def words(ja: str, en: str) -> str:
    """The one of two texts that this run's reader reads."""
    return ja if _chosen[0] == "ja" else en


def asked_for(arguments: list[str]) -> str:
    """The language of a run: `--lang`, else TORITSUGI_LANG, else the locale, else Japanese."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return _known(argument[7:])
        if argument == "--lang" and place + 1 < len(arguments):
            return _known(arguments[place + 1])
    given = os.environ.get("TORITSUGI_LANG")
    return _known(given) if given else _of_locale()


def _known(text: str) -> str:
    return "en" if text.lower().startswith("en") else "ja"


def _of_locale() -> str:
    """ja and the nameless locales (C, POSIX) read Japanese; everybody else is better served with English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            word = value.split(".")[0].split("_")[0].lower()
            return "ja" if word in ("ja", "c", "posix") else "en"
    return "ja"
