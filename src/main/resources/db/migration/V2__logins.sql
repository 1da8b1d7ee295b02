-- What tokens and session cookies are signed with: one key for all nodes, made by the first that starts.
CREATE TABLE signing_key (
    only_one   boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    key        bytea NOT NULL CHECK (length(key) >= 32),
    created_at timestamptz NOT NULL
);

-- Sessions that were logged out before they ran out by themselves.
CREATE TABLE ended_session (
    id         text PRIMARY KEY,
    until      timestamptz NOT NULL
);
