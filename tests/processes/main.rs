//! The platform in several processes, as a cluster runs it: who does what, who may do what, who
//! takes over from whom, and what operators see of it.

mod balance;
mod collector;
mod copies;
mod desk;
mod effects;
mod leases;
mod metrics;
mod rights;
mod site;
mod traces;
