"""What STILTS may find: each file beside the tests names a remark by its code and words, and the reason why it stays.

A remark that is not in the file fails the run, and so does one in the file that is no longer found. With --strict no error is
ever allowed, only warnings and failures of the checker itself, and only those marked with `strict`.
"""

import json
import pathlib
import re

# The code of a remark: how grave it is, the stage if the checker has such, what is wrong. A number follows.
REPORT = re.compile(r"^([EWF]-(?:[A-Z0-9]{3}-)?[A-Za-z0-9]{4})(?:-[0-9]+)? (.*)$")
SECTION = re.compile(r"^Section ([A-Z0-9]{3}): (.*)$")
FOLDER = pathlib.Path(__file__).parent


class Explained:
    """The remarks of one file, and which of them were found."""

    def __init__(self, file, strict):
        listed = json.loads((FOLDER / file).read_text())
        self.listed = [remark for remark in listed if not strict or remark.get("strict")]
        self.found = set()
        wrong = [remark["code"] for remark in listed if remark.get("strict") and remark["code"].startswith("E")]
        assert not wrong, f"{file} allows errors with --strict: {wrong}"

    def knows(self, code, words):
        """Whether a remark is explained."""
        for index, remark in enumerate(self.listed):
            if remark["code"] == code and re.search(remark["words"], words):
                self.found.add(index)
                return True
        return False

    def unknown(self, lines):
        """The remarks among a checker's lines that nothing explains."""
        return [line for line, code, words in remarks(lines) if not self.knows(code, words)]

    def check_all(self, checks, name):
        """A test for each explanation: whether it is still needed."""
        for index, remark in enumerate(self.listed):
            checks.run(f"{name}: {remark['code']} is still found", still, index in self.found, remark)


def still(found, remark):
    assert found, f"explained, but no longer there: {remark}; take it off the list"


def remarks(lines):
    """The errors, warnings and failures among a checker's lines: (line, code, words)."""
    reports = [(line, REPORT.match(line)) for line in lines]
    return [(line, *report.groups()) for line, report in reports if report]


def sections(output):
    """The sections of a checker's report: (code, title, lines)."""
    found = []
    for line in output.splitlines():
        section = SECTION.match(line)
        if section:
            found.append((section.group(1), section.group(2), []))
        elif found:
            found[-1][2].append(line)
    return found


def none(lines):
    """Complains of what is left."""
    assert not lines, "there is\n" + "\n".join(lines)
