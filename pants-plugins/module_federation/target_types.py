"""The targets of a federation that are built here: hosts and remotes."""

from __future__ import annotations

from pants.core.goals.run import RestartableField
from pants.core.util_rules.environments import EnvironmentField
from pants.engine.target import COMMON_TARGET_FIELDS, Dependencies, Target
from pants.util.strutil import help_text

from module_federation.fields.federation import (
    ContainerNameField,
    ExposesField,
    RemotesBaseUrlField,
    RemotesField,
)
from module_federation.fields.host import (
    EntryPointField,
    HostStyleField,
    HtmlField,
    RemotesListField,
)
from module_federation.fields.output import (
    BundlerField,
    ContainerOutputPathField,
    ModeField,
    PackageFormField,
    PublicDirectoryField,
    PublicPathField,
    SourceMapsField,
    SplitChunksField,
)
from module_federation.fields.sharing import (
    PresetsField,
    SharedField,
    ShareStrategyField,
    SilencedFindingsField,
)


class ContainerDependenciesField(Dependencies):
    help = help_text(
        """
        What else goes into the bundle. The exposed modules, the entry point and all that they
        import are found without being listed here.
        """
    )


_CONTAINER_FIELDS = (
    *COMMON_TARGET_FIELDS,
    ContainerDependenciesField,
    ContainerNameField,
    ExposesField,
    RemotesField,
    RemotesBaseUrlField,
    PresetsField,
    SharedField,
    SilencedFindingsField,
    ShareStrategyField,
    ModeField,
    BundlerField,
    SourceMapsField,
    PublicPathField,
    PublicDirectoryField,
    SplitChunksField,
    ContainerOutputPathField,
    EnvironmentField,
)


class FederatedRemoteTarget(Target):
    alias = "federated_remote"
    core_fields = (*_CONTAINER_FIELDS, PackageFormField)
    help = help_text(
        """
        A separately built container whose exposed modules a host loads at run time.

        `package` writes `remoteEntry.js`, `mf-manifest.json` and the chunks. Versions and options
        of shared packages are computed from the build graph.

        Example:

            package_json(name="package")
            web_sources()
            federated_remote(name="remote", exposes={"./Cart": "src/Cart.tsx"})
        """
    )


class FederatedHostTarget(Target):
    alias = "federated_host"
    core_fields = (
        *_CONTAINER_FIELDS,
        EntryPointField,
        HostStyleField,
        HtmlField,
        RemotesListField,
        RestartableField,
    )
    help = help_text(
        """
        The application that a browser opens, and that loads remotes at run time.

        `package` writes a folder for any static server: `index.html`, scripts, styles and images,
        and `federation.json`, which lists the remotes. `run` serves it with its remotes.

        Example:

            package_json(name="package")
            web_sources()
            federated_host(
                name="host",
                entry_point="src/index.tsx",
                remotes={"cart": "apps/cart:remote"},
            )
        """
    )
