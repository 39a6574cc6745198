//! The words of maintenance.

use super::Select;
use cadastre_core::health::maintain::{MaintainRequest, MaintainWork};
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Maintain {
    /// Remove dead rows, so that their room is used again; nobody is kept from working
    Vacuum {
        /// Take the planner's statistics anew, too
        #[arg(long)]
        analyze: bool,
        /// Freeze every row that can be, which spares a later VACUUM the work
        #[arg(long)]
        freeze: bool,
        #[command(flatten)]
        tables: MaintainTables,
    },
    /// Take the planner's statistics anew
    Analyze {
        #[command(flatten)]
        tables: MaintainTables,
    },
    /// Build indexes anew beside the old ones (CONCURRENTLY), and remove what an earlier build has left unfinished
    Reindex {
        #[command(flatten)]
        tables: MaintainTables,
    },
    /// Look through tables, indexes, foreign keys and sequences for damage; changes nothing. Exit code 1 when something is wrong
    Check {
        /// Also whether each index holds every row of its table, and every foreign key; takes much longer
        #[arg(long)]
        thorough: bool,
        /// Only this table, in each tenant; may be repeated
        #[arg(long, value_name = "NAME")]
        table: Vec<String>,
        #[command(flatten)]
        select: Select,
    },
}

/// Which tables of which tenants.
#[derive(Debug, Args)]
pub struct MaintainTables {
    /// Only this table, in each tenant; may be repeated. A partitioned table means its partitions
    #[arg(long, value_name = "NAME")]
    pub table: Vec<String>,
    /// Only tables that need it: many dead or changed rows, never analyzed, old rows, indexes that are not valid
    #[arg(long)]
    pub needed: bool,
    #[command(flatten)]
    pub select: Select,
}

impl Maintain {
    /// What is asked for, and of which tenants.
    pub fn split(self, jobs: Option<u16>) -> (MaintainRequest, Select) {
        let of = |work, tables: MaintainTables| {
            let MaintainTables { table, needed, select } = tables;
            (MaintainRequest { tables: table, needed, jobs, ..MaintainRequest::of(work) }, select)
        };
        match self {
            Self::Vacuum { analyze, freeze, tables } => {
                let (request, select) = of(MaintainWork::Vacuum, tables);
                (MaintainRequest { analyze, freeze, ..request }, select)
            }
            Self::Analyze { tables } => of(MaintainWork::Analyze, tables),
            Self::Reindex { tables } => of(MaintainWork::Reindex, tables),
            Self::Check { thorough, table, select } => {
                let (request, select) = of(MaintainWork::Check, MaintainTables { table, needed: false, select });
                (MaintainRequest { thorough, ..request }, select)
            }
        }
    }
}
