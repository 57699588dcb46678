"""How large a generated monorepo is, and what its parts are called."""

from __future__ import annotations

from dataclasses import dataclass, replace

#: Packages of the workspace are called `@bench/<folder's name>`.
SCOPE = "@bench"
#: The one package that a single remote reaches; the case "bumped" gives it another version.
BUMPED = "underscore"
#: Containers that import one file of a library in `features`.
IMPORTERS_OF_A_FEATURE = 2
_MOST_FEATURES = 12


@dataclass(frozen=True)
class Shape:
    """
    :param remotes: number of remotes; there is one host beside them, which lists all.
    :param libraries: number of workspace libraries; every container imports each of them.
    :param projects: how many of the remotes have an installation and a lockfile of their own; they
        import no library.
    :param seed: decides the text of every module, and which components it uses.
    """

    remotes: int
    libraries: int = 3
    projects: int = 0
    seed: int = 1

    def __post_init__(self) -> None:
        """:raises ValueError: for numbers that no monorepo can have."""
        if self.remotes < IMPORTERS_OF_A_FEATURE or self.libraries < 1:
            raise ValueError("A monorepo has at least two remotes and one library.")
        if not 0 <= self.projects <= self.remotes - IMPORTERS_OF_A_FEATURE:
            raise ValueError("At least two remotes are without a lockfile of their own.")

    @property
    def remote_names(self) -> list[str]:
        """Names of the remotes."""
        return [f"remote-{number:03}" for number in range(1, self.remotes + 1)]

    @property
    def library_names(self) -> list[str]:
        """Names of the libraries' folders in `libs`."""
        return [f"library-{number:02}" for number in range(1, self.libraries + 1)]

    @property
    def app_names(self) -> list[str]:
        """All containers: the host, then the remotes."""
        return ["host", *self.remote_names]

    @property
    def standalone(self) -> list[str]:
        """Remotes with a lockfile of their own: the last ones, which no case edits."""
        return self.remote_names[self.remotes - self.projects :]

    @property
    def features(self) -> list[str]:
        """Files of each library that only two remotes import."""
        count = min(_MOST_FEATURES, (self.remotes - self.projects) // IMPORTERS_OF_A_FEATURE)
        return [f"feature-{number:02}" for number in range(1, count + 1)]

    def folder_of(self, app: str) -> str:
        """A container's folder; one with a lockfile of its own is not where workspaces are."""
        return f"projects/{app}" if app in self.standalone else f"apps/{app}"

    def with_other_sources(self) -> Shape:
        """The same packages and files, with other code in all of them."""
        return replace(self, seed=self.seed + 1_000_000)

    def feature_of(self, remote: str) -> str | None:
        """The feature file that a remote imports of each library, if it is one of those that do."""
        at = self.remote_names.index(remote) // IMPORTERS_OF_A_FEATURE
        return self.features[at] if at < len(self.features) else None


def identifier(name: str) -> str:
    """A folder's name as the name of a container or function: `remote-001` → `remote_001`."""
    return name.replace("-", "_")
