"""The workspace dashboard: plain ES modules and CSS, a client of the public API and nothing more.

The page stands at ``/``. This module knows the files and how they may be used; serving them is the work of
``api``.
"""

from leadspro_engine.dashboard.assets import CONTENT_SECURITY_POLICY, Asset, asset, assets_folder

__all__ = ["CONTENT_SECURITY_POLICY", "Asset", "asset", "assets_folder"]
