//! The HTML shell: layout, assets, content security policy.
