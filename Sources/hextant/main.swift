import Commands

await Hextant.main()
