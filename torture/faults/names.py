"""The name of the server means another one, nobody, or nothing at all."""

from faults.fault import Fault

# Set aside for documentation, so nobody's (RFC 5737).
NOBODY = "192.0.2.1"


class OfNames(Fault):
    """Who has a connection does not ask for a name. So servers are started anew,
    half of the time: then everybody asks."""

    # A request that finds no server was not taken by one.
    repeats = False
    holds_up = True

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._anew = chance.choice([False, True])
        if self._anew:
            self.repeats = True

    def victims(self):
        return {"names", "server"} if self._anew else {"names"}

    def begin(self):
        self._before = self.world.names.table
        self._spoil()
        if self._anew:
            for server in self.world.servers:
                server.kill()
                server.start()

    def _spoil(self):
        self._tell(self._after())

    def end(self):
        self.world.names.tell(self._before)

    def _tell(self, address):
        """Of all names that there are; without an address, there are none."""
        self.world.names.tell(
            {name: address for name in self._before if address})

    def _after(self):
        """An address, or empty."""
        raise NotImplementedError

    def figures(self):
        return ""

    def __str__(self):
        return ", ".join(each for each in (
            self.name, self.figures(), self._anew and "servers start anew") if each)


class ServerMoves(OfNames):
    """To the other one and, perhaps, back, again and again."""

    name = "DNS changes"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._moves = chance.choice([0, 0.1])  # of beats
        self._host = "server-2"

    def _after(self):
        return self.world.network.address(self._host)

    def beat(self):
        if self.chance.random() < self._moves:
            self._host = "server" if self._host == "server-2" else "server-2"
            self._tell(self._after())

    def figures(self):
        return "to and fro" if self._moves else ""


class NamesForgotten(OfNames):
    name = "DNS knows no name"

    def _after(self):
        return ""


class NamesOfNobody(OfNames):
    """A host where nothing listens, or none that can be reached."""

    name = "DNS names nobody"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._address = chance.choice([world.network.address("names"), NOBODY])

    def _after(self):
        return self._address

    def figures(self):
        return self._address


class NamesSilent(OfNames):
    """The DNS server stands still, or is not there: a resolver has no answer, in
    the one case at once."""

    name = "DNS silent"

    def __init__(self, world, chance):
        super().__init__(world, chance)
        self._gone = chance.choice([False, True])

    def _spoil(self):
        if self._gone:
            self.world.names.kill()
        else:
            self.world.names.stand()

    def end(self):
        if self._gone:
            self.world.names.start()
        else:
            self.world.names.go_on()

    def figures(self):
        return "it was killed" if self._gone else "it stands still"


ALL = [ServerMoves, NamesForgotten, NamesOfNobody, NamesSilent]
