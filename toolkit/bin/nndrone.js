#!/usr/bin/env node
// npm links a command when it installs, before anything is built: so this file is there from the start.
import '../dist/nndrone.js'
