"""Four times a day: tokens of sellers at Square that are six days old are renewed, each by one."""

from closedloop.square.handlers import tokens

handler = tokens.keeper("renew_square_tokens")
