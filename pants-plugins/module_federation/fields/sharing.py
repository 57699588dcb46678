"""Fields that say what a container shares, and what is to be said about it."""

from __future__ import annotations

from typing import (
    Any,
    Mapping,
    Optional,
)

from pants.engine.addresses import (
    Address,
)
from pants.engine.target import (
    DictStringToStringField,
    Field,
    InvalidFieldException,
    StringField,
    StringSequenceField,
)
from pants.util.frozendict import (
    FrozenDict,
)
from pants.util.strutil import (
    help_text,
    softwrap,
)

from module_federation.options import (
    ShareStrategy,
)


class PresetsField(StringSequenceField):
    """Which names there are is `sharing.policy`'s business."""

    alias = "presets"
    help = help_text(
        """
        Presets of sharing that hold for this container, in place of those that the policy file
        names: where one repository has several federations, each with rules of its own. Later ones
        win over earlier ones; the policy file and `shared` win over all. See `docs/sharing.md`.

        Example: `presets=["backstage"]`
        """
    )


class SharedField(Field):
    """Package → options, `True` or `False`; what they mean is `sharing.policy`'s business."""

    alias = "shared"
    default = None
    value: Optional[FrozenDict[str, Any]]
    help = help_text(
        """
        Exceptions to how packages are shared in this container; the policy file
        (`[module-federation].policy_file`) is the place for rules that hold everywhere. A package
        with `False` is never shared from here.

        Example: `shared={"lodash": {"singleton": True}, "@acme/format": False}`
        """
    )

    @classmethod
    def compute_value(
        cls, raw_value: Optional[Mapping[str, Any]], address: Address
    ) -> Optional[FrozenDict[str, Any]]:
        value = super().compute_value(raw_value, address)
        if value is None:
            return None
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise InvalidFieldException(
                softwrap(
                    f"""
                    The `{cls.alias}` field of {address} must be a dict from package names to
                    options, such as `{{"lodash": {{"singleton": True}}}}`, but it is {value!r}.
                    """
                )
            )
        return FrozenDict.deep_freeze(dict(value))


class SilencedFindingsField(DictStringToStringField):
    """What the keys mean is `sharing.finding_policy`'s business."""

    alias = "silenced_findings"
    help = help_text(
        """
        Findings about this container that nobody needs to hear of, each with the reason. A key is a
        finding's code, or a code and a package. The policy file silences findings for all
        containers; see `docs/findings.md`. A silenced finding that does not occur is reported.

        Example: `silenced_findings={"two-copies is-number": "Both are pure functions."}`
        """
    )


class ShareStrategyField(StringField):
    alias = "share_strategy"
    valid_choices = ShareStrategy
    help = help_text(
        """
        When this container asks its remotes for their shared packages: `version-first` at the
        start, before any is used; `loaded-first` only when a remote is loaded. Defaults to
        `version-first`.

        A runtime host's application passes its own strategy to the federation runtime, or none: say
        here which, so that the federation plan knows.

        Example: `share_strategy="loaded-first"`
        """
    )
