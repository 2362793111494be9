"""Privacy: who asked not to be shown. Knows nothing of people, only hashes of their identifiers.

The door is ``SuppressionList(home)``.
"""

from __future__ import annotations

from leadspro_engine.privacy.suppressions import Kind, Suppression, SuppressionList, identifier_hash

__all__ = ["Kind", "Suppression", "SuppressionList", "identifier_hash"]
