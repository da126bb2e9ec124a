mod page;
mod parts;
