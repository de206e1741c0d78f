"""A catalogue of government services: what can be done online, what needs a visit, and what to bring.

The rooms, in reading order; imports run one way, each room knowing only those above it:

1. ``domain``     what a service is, the rules it keeps, revisions and the log's tree; standard library only
2. ``documents``  the one definition of each shape that goes over a wire or into a file
3. ``store``      the tables and every question asked of them; beside ``documents``, neither knows the other
4. ``actions``    one function for each thing a person does; the only room that commits
5. ``api``        the HTTP contract: parse, call one action, answer
6. ``app``        joins everything; ``config`` reads its settings from the environment
7. ``cli``        the command line; each command is one call of an action, or of the verifier

Beside all of these ``verification`` stands on ``domain`` and ``documents`` alone: the auditor's offline verifier.
"""

__version__ = "0.1.0"
