"""How good the rules are, measured: on posts written for this project and on public labelled sets."""
