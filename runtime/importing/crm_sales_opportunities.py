"""Imports the CRM Sales Opportunities data set: four CSV files, driven in through commands."""
