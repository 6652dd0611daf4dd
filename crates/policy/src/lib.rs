//! Decides a request on the agreements in force; the only maker of permits.
