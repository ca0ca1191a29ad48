-- The three roles of a PostgreSQL installation whose processes run apart (design §4), with the least rights they can
-- work with. Run it as the owner of the tables, once in each of the two databases, after every `gehoor migrate`:
--
--     psql --dbname gehoor --file roles.sql
--     psql --dbname vault --file roles.sql
--
-- Then give each role a password (ALTER ROLE gehoor_door LOGIN PASSWORD '…') and its process an address with that role.
-- Each line of the list below applies only in the database where its table is. Running it again puts the rights back as
-- they stand here: what is not here is taken away.

DO $$
DECLARE
  named text;
BEGIN
  FOREACH named IN ARRAY ARRAY['gehoor_door', 'gehoor_desk', 'gehoor_worker'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = named) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', named);
    END IF;
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA public FROM %I', named);
    EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM %I', named);
    EXECUTE format('GRANT USAGE ON SCHEMA public TO %I', named);
  END LOOP;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- The worker opens, releases and deletes: it may do everything with rows, and nothing with the tables themselves.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO gehoor_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO gehoor_worker;

DO $$
DECLARE
  rule record;
BEGIN
  -- The desk works with everything of the office itself.
  IF to_regclass('rounds_round') IS NOT NULL THEN
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO gehoor_desk;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO gehoor_desk;
    -- Not with envelopes: it may see that some wait, never what they are. Which forms came in is none of its business.
    REVOKE ALL ON answers_envelope, answers_formkey FROM gehoor_desk;
    -- A batch belongs to the worker, who has the keys; an empty one goes along with an address list that is thrown away.
    REVOKE ALL ON answers_batch FROM gehoor_desk;
    -- It asks for figures and looks at them; it can make none, nor say what became of an asking. Only the worker can.
    REVOKE INSERT, UPDATE, DELETE ON results_release, results_releasedtable FROM gehoor_desk;
    REVOKE UPDATE, DELETE ON results_askedrelease FROM gehoor_desk;
    -- In which quarters something was heard is for the worker to say.
    REVOKE INSERT, UPDATE, DELETE ON answers_heardin FROM gehoor_desk;
    -- The journal is added to, never changed.
    REVOKE UPDATE, DELETE ON offices_entry FROM gehoor_desk;
  END IF;

  FOR rule IN
    SELECT * FROM (VALUES
      -- The door reads what a page needs.
      ('gehoor_door', 'questionnaires_version',  'SELECT (id, content)'),
      ('gehoor_door', 'rounds_product',          'SELECT'),
      ('gehoor_door', 'rounds_round',            'SELECT'),
      ('gehoor_door', 'rounds_dispatch',         'SELECT'),
      ('gehoor_door', 'offices_office',          'SELECT'),
      ('gehoor_door', 'rounds_code',             'SELECT, DELETE'),
      -- It puts envelopes in and cannot take one out to look; its id is enough to take it back.
      ('gehoor_door', 'answers_batch',           'SELECT (id, dispatch_id, public_key, closed)'),
      ('gehoor_door', 'answers_envelope',        'SELECT (id), INSERT, DELETE'),
      ('gehoor_door', 'answers_formkey',         'INSERT'),
      -- FOR KEY SHARE, which holds a batch open until the envelope is in, asks for the right to change some column. This one
      -- is the least harmful: when the safety limit began.
      ('gehoor_door', 'answers_batch',           'UPDATE (waiting_since)'),
      -- Taking back: by id, without seeing.
      ('gehoor_door', 'answers_submission',      'SELECT (id), DELETE'),
      ('gehoor_door', 'answers_opentext',        'SELECT (id), DELETE'),
      ('gehoor_door', 'reading_readtext',        'SELECT (text_id), DELETE'),

      -- Meetings: who has the code sits down, and what is done at the board is added to its log, never changed.
      ('gehoor_door', 'meetings_meeting',        'SELECT'),
      ('gehoor_door', 'meetings_entrance',       'SELECT'),
      ('gehoor_door', 'meetings_guest',          'SELECT, INSERT'),
      -- Everybody who is there is written anew when somebody comes (meetings.changes): it asks for the right to change a
      -- column. This one is the name that a guest chose.
      ('gehoor_door', 'meetings_guest',          'UPDATE (alias)'),
      ('gehoor_door', 'meetings_consent',        'INSERT'),
      ('gehoor_door', 'boards_board',            'SELECT, UPDATE (seq)'),
      ('gehoor_door', 'boards_event',            'SELECT, INSERT'),

      -- The desk knows that envelopes wait and in which batch; the box is closed to it in two ways.
      ('gehoor_desk', 'answers_envelope',        'SELECT (id, batch_id)'),
      ('gehoor_desk', 'answers_batch',           'SELECT (id, dispatch_id, closed, waiting_since, key_lost), DELETE'),
      -- The reading room: a text at a time, sealed; its words are erased when it was dealt with.
      ('gehoor_desk', 'answers_opentext',        'SELECT, UPDATE (box)'),
      ('gehoor_desk', 'reading_readtext',        'SELECT, INSERT, UPDATE')
    ) AS rules (role, place, rights)
  LOOP
    IF to_regclass(rule.place) IS NOT NULL THEN
      EXECUTE format('GRANT %s ON %I TO %I', rule.rights, rule.place, rule.role);
    END IF;
  END LOOP;
END $$;
