"""The template is one that AWS takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cfnlint.api import lint_file

from tests.support.template import ROOT, resources
from tests.template.support import translated

if TYPE_CHECKING:
    from pathlib import Path


def test_awss_translator_takes_it() -> None:
    """SAM's own translator expands it, each function into a Lambda with its role."""
    kinds = [each["Type"] for each in translated()["Resources"].values()]
    assert kinds.count("AWS::Lambda::Function") == len(resources("AWS::Serverless::Function"))
    assert not [kind for kind in kinds if kind.startswith("AWS::Serverless::")]


@pytest.mark.thorough
def test_the_linter_finds_nothing() -> None:
    """cfn-lint has no error and no warning."""
    assert [str(each) for each in lint_file(ROOT / "template.yaml")] == []


@pytest.mark.thorough
def test_the_linter_would_find_something(tmp_path: Path) -> None:
    """The check above can fail: a misspelt property is found."""
    text = (ROOT / "template.yaml").read_text(encoding="utf-8")
    broken = tmp_path / "template.yaml"
    broken.write_text(text.replace("RetentionInDays:", "RetentionDays:"), encoding="utf-8")
    assert lint_file(broken)
