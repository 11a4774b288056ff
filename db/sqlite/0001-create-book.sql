-- The book, first version. Rows are added, never changed; moments are UTC microseconds.
CREATE TABLE parties (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  title TEXT,
  kind TEXT,
  enrolment TEXT NOT NULL CHECK (enrolment IN
    ('invited', 'pending', 'approved', 'declined', 'paused', 'ended', 'banned')),
  created_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  party TEXT NOT NULL REFERENCES parties (name),
  target TEXT NOT NULL,
  created_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE coupons (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE COLLATE NOCASE,
  party TEXT NOT NULL REFERENCES parties (name),
  valid_from_us INTEGER NOT NULL,
  valid_until_us INTEGER NOT NULL CHECK (valid_until_us > valid_from_us),
  created_at_us INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE imports (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  source_hash TEXT NOT NULL,
  file TEXT,
  sequence INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  rejected_count INTEGER NOT NULL,
  created_at_us INTEGER NOT NULL,
  -- A source comes twice only when the first entry was lost and the file imported again.
  UNIQUE (source_hash, sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  from_us INTEGER NOT NULL
) STRICT;
CREATE INDEX settings_by_name ON settings (name, from_us, number);

-- The one table whose rows change: where each reader of the journal stands.
CREATE TABLE cursors (
  reader TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER parties_stay BEFORE UPDATE ON parties
  BEGIN SELECT RAISE(ABORT, 'parties are never changed'); END;
CREATE TRIGGER parties_remain BEFORE DELETE ON parties
  BEGIN SELECT RAISE(ABORT, 'parties are never deleted'); END;
CREATE TRIGGER links_stay BEFORE UPDATE ON links
  BEGIN SELECT RAISE(ABORT, 'links are never changed'); END;
CREATE TRIGGER links_remain BEFORE DELETE ON links
  BEGIN SELECT RAISE(ABORT, 'links are never deleted'); END;
CREATE TRIGGER coupons_stay BEFORE UPDATE ON coupons
  BEGIN SELECT RAISE(ABORT, 'coupons are never changed'); END;
CREATE TRIGGER coupons_remain BEFORE DELETE ON coupons
  BEGIN SELECT RAISE(ABORT, 'coupons are never deleted'); END;
CREATE TRIGGER imports_stay BEFORE UPDATE ON imports
  BEGIN SELECT RAISE(ABORT, 'imports are never changed'); END;
CREATE TRIGGER imports_remain BEFORE DELETE ON imports
  BEGIN SELECT RAISE(ABORT, 'imports are never deleted'); END;
CREATE TRIGGER settings_stay BEFORE UPDATE ON settings
  BEGIN SELECT RAISE(ABORT, 'settings are never changed'); END;
CREATE TRIGGER settings_remain BEFORE DELETE ON settings
  BEGIN SELECT RAISE(ABORT, 'settings are never deleted'); END;
