"""The template is one that AWS takes. `make check` lets cfn-lint and SAM judge it."""

from __future__ import annotations

from tests.support.template import resources
from tests.template.support import translated


def test_awss_translator_takes_it() -> None:
    """SAM's own translator expands it, each function into a Lambda with its role."""
    kinds = [each["Type"] for each in translated()["Resources"].values()]
    assert kinds.count("AWS::Lambda::Function") == len(resources("AWS::Serverless::Function"))
    assert not [kind for kind in kinds if kind.startswith("AWS::Serverless::")]
