CREATE TABLE invoices (id text PRIMARY KEY, total numeric NOT NULL, embedding vector(3));
