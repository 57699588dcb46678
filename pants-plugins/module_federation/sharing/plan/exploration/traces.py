"""From the steps of a container that stands for its class to the steps of a member of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Dict, List, Set, Tuple

from module_federation.sharing.negotiation import LoadRemote, LoadShare, LoadShareSync, Step
from module_federation.sharing.plan.exploration.classes import Reach, Role
from module_federation.sharing.plan.exploration.quotient import Quotient


class Retold:
    """A sequence of steps in a quotient, told of real containers, the last one of ``consumer``.

    Attributes:
        steps: The same sequence, each container standing for itself.
        names: Who plays the part of each container of the quotient, at the end.
    """

    def __init__(
        self,
        reached: Reach,
        roles: Mapping[str, Role],
        whole: Quotient,
        steps: Tuple[Step, ...],
        consumer: str,
    ) -> None:
        self._reached = reached
        self._roles = roles
        self._whole = whole
        self._told: List[Step] = []
        self._loaded: Set[str] = {reached.host}
        self._asked: Set[Tuple[str, Hashable]] = set()
        self.names: Dict[str, str] = {reached.host: reached.host}
        self._loader = _loaders(steps)
        self._star = whole.representatives[whole.classes[consumer]]
        self._consumer = consumer
        *before, last = steps
        earlier = {_asker(each) for each in before if _is_request(each)}
        # Where its class has asked before, the consumer is another member than the one that did.
        self._is_extra = self._star in earlier and (self._star, _asked_of(last)) in {
            (_asker(each), _asked_of(each)) for each in before
        }
        if not self._is_extra:
            self._cast_chain(self._star, consumer)
        for step in before:
            self._tell(step, False)
        self._tell(last, True)
        self.steps = tuple(self._told)

    def _cast_chain(self, star: str, name: str) -> None:
        """Has ``name``, and those who load it, play the parts of ``star`` and its loaders."""
        while star not in self.names:
            self.names[star] = name
            parent = self._loader[star]
            name = self._parent_of(name, parent)
            star = parent

    def _parent_of(self, name: str, star: str) -> str:
        wanted = self._whole.classes[star]
        parents = self._reached.parents[name]
        fitting = [each for each in parents if self._whole.classes.get(each) == wanted]
        known = [each for each in fitting if each in self._loaded or each == star]
        return (known or fitting)[0]

    def _remote_of(self, name: str, star: str, without: Set[str]) -> str | None:
        wanted = self._whole.classes[star]
        fitting = [
            each.name
            for each in self._roles[name].container.remotes
            if self._whole.classes[each.name] == wanted and each.name not in without
        ]
        return star if star in fitting else fitting[0] if fitting else None

    def _tell(self, step: Step, is_last: bool) -> None:
        star = step.container
        if isinstance(step, LoadRemote):
            self._tell_load(step, is_last)
            return
        asked = (self.names[star], _asked_of(step))
        if is_last and self._is_extra:
            self._load_another(star, self._consumer, step)
        elif _is_request(step) and asked in self._asked:
            taken = {*self._loaded, self._consumer}
            self._load_another(star, self._another(star, taken), step)
        else:
            self._asked.add(asked)
            self._told.append(replace(step, container=self.names[star]))

    def _tell_load(self, step: LoadRemote, is_last: bool) -> None:
        parent = self.names[step.container]
        if step.remote not in self.names:
            without = {self._consumer} if self._is_extra else set()
            remote = self._remote_of(parent, step.remote, without)
            if remote is None:
                remote = self._another(step.remote, without)
                parent = self._bring(remote, step.remote)
            self.names[step.remote] = remote
        remote = self.names[step.remote]
        self._loaded.add(remote)
        self._told.append(LoadRemote(parent, remote))

    def _another(self, star: str, taken: Set[str]) -> str:
        members = self._whole.members[self._whole.classes[star]]
        beside = set(self._reached.parents[self.names[star]]) if star in self.names else set()
        free = [each for each in members if each not in taken]
        near = [each for each in free if beside.intersection(self._reached.parents[each])]
        return (near or free)[0]

    def _bring(self, name: str, star: str) -> str:
        """Loads whoever loads ``name``; the result is its name."""
        parent_star = self._loader[star]
        parent = self._parent_of(name, parent_star)
        if parent not in self._loaded:
            self._load(self._bring(parent, parent_star), parent)
        return parent

    def _load(self, parent: str, name: str) -> None:
        self._told.append(LoadRemote(parent, name))
        self._loaded.add(name)
        self._told.extend(each.step for each in self._roles[name].start)

    def _load_another(self, star: str, name: str, step: Step) -> None:
        if name not in self._loaded:
            parent = self._bring(name, star)
            self._told.append(LoadRemote(parent, name))
            self._loaded.add(name)
            for each in self._roles[name].start:
                if _asked_of(each.step) == _asked_of(step):
                    break
                self._told.append(each.step)
        asked = replace(step, container=name)
        self._asked.add((name, _asked_of(step)))
        self._told.append(asked)


def _loaders(steps: Tuple[Step, ...]) -> Dict[str, str]:
    loaders: Dict[str, str] = {}
    for step in steps:
        if isinstance(step, LoadRemote):
            loaders.setdefault(step.remote, step.container)
    return loaders


def _is_request(step: Step) -> bool:
    return isinstance(step, (LoadShare, LoadShareSync))


def _asker(step: Step) -> str:
    return step.container


def _asked_of(step: Step) -> Hashable:
    """A step whoever makes it."""
    if isinstance(step, (LoadShare, LoadShareSync)):
        return (type(step), step.consume)
    return (type(step), step.remote if isinstance(step, LoadRemote) else step.scopes)
