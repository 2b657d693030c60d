# The few commands that matter. `just` lists them; each is also a plain cargo command that can be typed.

_list:
    @just --list --unsorted

# The console on a simulator of its own
demo *ARGS:
    cargo run --release -- demo {{ARGS}}

# What is run at every change: formatting, lints, and the tests that take seconds
check:
    cargo fmt --check
    cargo clippy --locked --all-targets -- -D warnings
    cargo test --locked --lib --test architecture --test rules --test screens --test keys --test lang --test desk

# Everything that a change must pass before it is merged
ci:
    bash .ci/run

# So many simulated desk days with faults, from a seed on
days COUNT="200" FIRST="0":
    PAYDESK_DAYS={{COUNT}} PAYDESK_FIRST={{FIRST}} cargo test --release --test days -- many_days --nocapture

# Accepts screens that were changed on purpose, after a look at the difference
screens:
    INSTA_UPDATE=always cargo test --test screens --test plan
    git diff --stat tests/snapshots

# The program in a terminal beside a bare table: the tables of docs/performance.md, in an hour; `--rounds 1` for less. `just bench-look` for a look
bench *ARGS:
    cargo build --locked --profile dist --package paydesk --package terminal
    cargo run --locked --profile dist --package terminal --bin terminal -- --write docs/performance.md {{ARGS}}

# The same in a minute, with few keys, and to the screen
bench-look:
    cargo build --locked --release --package paydesk --package terminal
    cargo run --locked --release --package terminal --bin terminal -- --paydesk target/release/paydesk --quick

# How long the pieces take in process, by the number of orders: frame, hub, journal, page, simulator
bench-pieces *NAME:
    cargo bench {{ if NAME == "" { "" } else { "--bench " + NAME } }}

# How many instructions each piece takes, against benches/instructions.toml; --accept writes new figures
instructions *ARGS:
    cargo run --locked --release --package instructions -- {{ARGS}}

# Half an hour in a terminal, on 100,000 orders of which 200 change in a second; PAYDESK_SOAK_MINUTES=1 just soak --orders 10000 for a look
soak *ARGS:
    cargo build --locked --release --package paydesk --package terminal
    cargo run --locked --release --package terminal --bin terminal -- --paydesk target/release/paydesk --soak ${PAYDESK_SOAK_MINUTES:-30} {{ARGS}}

# A virtual week of a thousand orders an hour, in half an hour; PAYDESK_SOAK_HOURS for a shorter one
soak-week:
    cargo test --release --test soak -- --ignored --nocapture

# The curves of docs/polling.md, from hours of a desk in virtual time
polling:
    cargo test --release --test polling -- --ignored --nocapture curves

# The pictures of the README, from the real program
pictures:
    cargo build --release
    python3 docs/pictures/make.py

# The program that is given to others: the same code, linked as one
dist:
    cargo build --locked --profile dist
