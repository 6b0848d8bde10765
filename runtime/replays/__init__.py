"""What-ifs in the background: where they wait, who carries them out, and where results are kept."""
