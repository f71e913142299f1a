"""What servers took, from the records that they write before they answer."""

import collections


class Arrivals:
    """Each call of `more` tells what was recorded since the one before."""

    def __init__(self, files):
        self._read = {file: 0 for file in files}

    def more(self):
        """Id → how many times it was taken."""
        found = collections.Counter()
        for file, begin in self._read.items():
            with open(file, "rb") as record:
                record.seek(begin)
                whole, end, _ = record.read().rpartition(b"\n")
            self._read[file] += len(whole) + len(end)
            found.update(whole.decode().split())
        return found


class Past:
    """Events of rounds that are over: what became of them is known, and none of
    them comes any more."""

    def __init__(self):
        self._hashes = set()  # of ids, of which there may be millions

    def add(self, *ids):
        """Each an iterable."""
        for each in ids:
            self._hashes.update(map(hash, each))

    def faults(self, arrivals):
        """As sentences."""
        return [f"{event}: of a round before, and came to the server now"
                for event in arrivals if hash(event) in self._hashes]


def faults_after_all(arrivals):
    """What came when everything had been looked at, as sentences."""
    return [f"{event}: came to the server when nothing was under way"
            for event in arrivals]
