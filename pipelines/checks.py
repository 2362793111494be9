"""Checks on the assets: the rules of ``leadspro_engine.quality``, shown in the UI.

A grave finding is an error and blocks what comes after, so that the current snapshot stays; any other is a
warning. The last check reads the published snapshot back.
"""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 (Dagster reads the annotations at run time)
from typing import TYPE_CHECKING, Any, cast

import dagster as dg

from leadspro_engine.dataset import current_version, verify
from leadspro_engine.errors import DatasetCorrupt
from leadspro_engine.quality import RULES
from pipelines.folder import RefreshFolder  # noqa: TC001 (Dagster reads the annotations at run time)
from pipelines.steps import step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadspro_engine.quality import Finding, Rule


def _checks(after: str, rules: Sequence[Rule]) -> dg.AssetChecksDefinition:
    """The blocking checks that ask the rules of one step. They run together, and each can be run alone."""
    asked = {_key(rule): rule for rule in rules}

    @dg.multi_asset_check(
        name=f"check_{after.replace(' ', '_')}",
        specs=[
            dg.AssetCheckSpec(rule.name, asset=rule.about, description=rule.text, blocking=True)
            for rule in rules
        ],
        can_subset=True,
    )
    def checks(refresh: RefreshFolder) -> Iterator[dg.AssetCheckResult]:
        selected = dg.AssetCheckExecutionContext.get().selected_asset_check_keys
        with step():
            run = refresh.run()
            for key in sorted(selected):
                yield shown(key, asked[key].ask(run))

    return checks


def _key(rule: Rule) -> dg.AssetCheckKey:
    return dg.AssetCheckKey(dg.AssetKey(rule.about), rule.name)


def shown(key: dg.AssetCheckKey, finding: Finding) -> dg.AssetCheckResult:
    """A finding as Dagster shows it."""
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=not finding.problems,
        severity=dg.AssetCheckSeverity.ERROR if finding.grave else dg.AssetCheckSeverity.WARN,
        description="; ".join(finding.problems) or None,
        metadata=cast("dict[str, Any]", finding.facts),
    )


@dg.asset_check(asset="snapshot", description="Every file has the checksum that the manifest says.")
def snapshot_is_whole(refresh: RefreshFolder) -> dg.AssetCheckResult:
    """Read every byte of the current snapshot."""
    try:
        manifest = verify(refresh.path)
    except DatasetCorrupt as exc:
        return dg.AssetCheckResult(passed=False, description=str(exc))
    return dg.AssetCheckResult(
        passed=manifest.version == current_version(refresh.path), metadata={"version": manifest.version}
    )


CHECKS = [*(_checks(after, rules) for after, rules in RULES.items()), snapshot_is_whole]
"""Every check; all but the last are asked before publishing."""
