-- How many tries to log in an account and an address have left, see LoginTries. One that has all its tries has no row.
CREATE TABLE login_tries (
    id         text PRIMARY KEY,
    state      bytea,
    expires_at bigint
);
REVOKE SELECT ON login_tries FROM cordboard_customer;
