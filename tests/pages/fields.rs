//! What the pay form says of its fields, its methods and what it looks at.
