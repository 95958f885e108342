"""The entry point `toritsugi`: help and version without an import that costs, everything else through click."""

import io
import os
import sys

from toritsugi_adapters.cli import language


def main(arguments: list[str] | None = None) -> int:
    """Carry out a command line; the exit code, as in `errors.yaml` (130: Ctrl-C, 141: nobody reads any more)."""
    given = sys.argv[1:] if arguments is None else arguments
    language.choose(language.asked_for(given))
    _forgive_terminals()
    try:
        code = _answer(given)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _close_quietly()
        return 141


def _answer(given: list[str]) -> int:
    if "_TORITSUGI_COMPLETE" in os.environ:
        from toritsugi_adapters.cli.commands import completion

        return completion.answer()
    wanted = _without_language(given)
    if not wanted or wanted in (["--help"], ["-h"], ["help"]):
        from toritsugi_adapters.cli.helptext import face_text

        print(face_text())
        return 0
    if wanted == ["--version"]:
        print(f"toritsugi {version()}")
        return 0
    if wanted[0] == "lint":
        from toritsugi_adapters.cli.lint import quick

        if (code := quick.answer(given)) is not None:
            return code
    from toritsugi_adapters.cli.face import run

    return run(given)


def _without_language(given: list[str]) -> list[str]:
    """The arguments without `--lang`, as far as they matter to the two quick answers."""
    if len(given) > 1 and given[0] == "--lang":
        return given[2:]
    if len(given) > 1 and given[-2] == "--lang":
        return given[:-2]
    return [word for word in given if not word.startswith("--lang=")]


def version() -> str:
    """The installed version, read off the name of the distribution's folder: importlib.metadata costs four times more."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.startswith("toritsugi-") and name.endswith(".dist-info"):
                return name[len("toritsugi-") : -len(".dist-info")]
    from importlib.metadata import version as installed

    return installed("toritsugi")


def _forgive_terminals() -> None:
    """A terminal without some character (髙 in EUC-JP) shows a question mark for it, and the command goes on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _close_quietly() -> None:
    """Let the interpreter's own flush at exit go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
