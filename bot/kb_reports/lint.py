"""What ``yibao kb lint`` prints."""

from __future__ import annotations

from knowledge.lint import lint as find
from knowledge.store import load


def lint(everything: bool) -> bool:
    """Print open contradictions (all, with what explains them, if asked); return if none is open.

    An explanation whose finding is there no more counts as a problem too.
    """
    report = find(load())
    for finding in report.findings if everything else report.open:
        print(f"{finding.id}\n  {finding.text}")
        if finding.id in report.explained:
            print(f"  说明：{report.explained[finding.id]}")
    for stale in report.stale:
        print(f"{stale}\n  说明已经过时：没有这一处矛盾了，请从 knowledge/lint.yml 删去")
    explained = len(report.findings) - len(report.open)
    print(f"{len(report.findings)} 处矛盾或差异：{len(report.open)} 处待说明，"
          f"{explained} 处已说明，{len(report.stale)} 条说明过时")
    return not report.open and not report.stale


__all__ = ["lint"]
