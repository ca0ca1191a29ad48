"""What is wrong with a transcript or a recording, in words that say what to do."""

from django.utils.translation import gettext as _

from gehoor.interviews import transcripts
from gehoor.interviews.sound import NoSound
from gehoor.interviews.transcripts import NoTranscript

MOST_SOUND = 200 * 1024 * 1024


def of_transcript(error: NoTranscript) -> str:
    """A sentence. It holds nothing of the transcript."""
    what = {
        "wrong_kind": _("Gehoor reads transcripts as .txt, .docx, .vtt or .srt. Save yours as one of these and try again."),
        "too_large": _("This file is too large for a transcript: at most %(most)s MB. Take out pictures, or save it as .txt."),
        "too_long": _("This is longer than any talk: at most %(signs)s signs and %(turns)s turns. Split it in two talks."),
        "empty": _("There are no words in this. Look whether you chose the right file."),
        "no_text": _("This is not a text file, whatever its name says. Open it, and save it as .txt or .docx."),
        "old_word": _("This is an old Word file. Open it in Word and save it as .docx."),
        "no_word": _("This is not a Word file that can be read. Open it in Word, take the password off, and save it as .docx again."),
        "coding": _("The letters in this file cannot be read. Save it as “UTF-8 text” and try again."),
        "no_vtt": _("A .vtt file begins with the word WEBVTT; this one does not. Is it another kind of file?"),
        "no_cues": _("There are no captions with a time in this file. If it is plain text, name it .txt."),
        "time": _("Line %(line)s: this time cannot be read. Write it as 00:01:02.500."),
        "time_order": _("Line %(line)s: this caption ends before it begins."),
    }[error.kind]  # fmt: skip
    limits = {
        "line": error.line,
        "most": transcripts.MOST_BYTES // 1024 // 1024,
        "signs": transcripts.MOST_CHARACTERS,
        "turns": transcripts.MOST_TURNS,
    }
    return what % limits


def of_sound(error: NoSound) -> str:
    """A sentence."""
    return {
        "unknown": _("This is not a recording that Gehoor can play. Save it as .mp3, .m4a, .ogg, .wav or .webm."),
        "video": _("This is a video. Pictures of people are not kept here: save only the sound, as .mp3."),
        "broken": _("This recording is damaged, or is not finished. Save it again, as .mp3 or .wav."),
        "other": _("This kind of recording cannot be wiped clean of names and places. Save it as .mp3 or .wav."),
    }[error.kind]


def too_large_sound() -> str:
    """A sentence for what is larger than any talk."""
    return _("This recording is too large: at most %(most)s MB. Save it as .mp3; an hour is then about 60 MB.") % {
        "most": MOST_SOUND // 1024 // 1024
    }


def no_file() -> str:
    """A sentence for a form without a file."""
    return _("Choose a file first.")
