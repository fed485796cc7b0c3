const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

/** The words of the most common passwords, letters only, because digits and signs around them are ignored. */
export const commonWords = words(`
  aaa abc abcd abcde abcdef abcdefg access account achilles admin administrator adobe alex alexander alice amanda america amsterdam
  andrea andrew angel angels animal anthony apple arsenal asd asdf asdfgh asdfghjkl ashley august austin autumn azerty babe baby
  babygirl bailey banana barcelona baseball basketball batman beautiful benjamin berlin blink blue bond boomer brandon bubbles
  buster butterfly calvin changeit changeme charlie cheese chelsea chicken chocolate christmas christopher cisco cloud coffee computer
  computers cookie corvette cowboy cristiano dallas daniel database december default demo diamond dolphin dragon eagle elephant
  elizabeth england fender ferrari flower flowers football forever freedom friday friend friends gandalf ginger google guest
  guitar hacker hammer hannah happy harley hello helloworld hockey home hunter iloveu iloveyou internet isabella jackson james january
  jasmine jennifer jessica jesus jesuschrist john jordan joseph joshua july june junior justin justinbieber killer king kitty knight
  lakers letmein liverpool login london love lovely loveme lovers loveyou lucky maggie manager manchester manchesterunited march maria
  marlboro martin master matrix matthew maverick melissa mercedes merlin michael michelle microsoft minecraft monday money monitor
  monkey monster mother mustang myspace naruto natasha newyork nicole ninja nothing november october oracle orange pa parola pass
  passphrase passw passwd password passwords passwort peanut pepper phoenix pokemon porsche portugal postgres prince princess private
  purple qazwsx qazwsxedc qwe qweasd qweasdzxc qwer qwert qwerty qwertyui qwertyuiop rachel rainbow ranger robert rockyou root samantha
  samsung samuel saturday scooter secret secure security september server service shadow silver slipknot smokey snoopy snowball
  soccer sophie spiderman spring starwars steelers stella summer sunday sunshine super superman superuser support supersecret sweet
  system taylor temp temporary teste test tester testing thomas thunder thursday tigger trustno trustnoone tuesday unicorn user
  username valentina vanessa victoria virginia wednesday welcome william windows winner winter wizard wordpass xxx yankees yellow you
  zaq zaqxsw zxc zxcvb zxcvbn zxcvbnm
`)

/** Long passwords that lists of stolen passwords contain as they are. */
export const commonPasswords = words(`
  1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6 q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8
  1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qazxsw23edc zaq12wsxcde3 zaq1xsw2cde3 zaq1zaq1zaq1 qwer1234asdf qwer1234qwer qweasdzxc123 qwe123qwe123
  qwe123asd456 asd123asd123 a1b2c3d4e5f6 a1s2d3f4g5h6 abc123abc123 aa123456aa123456 123qweasdzxc 123456qwerty 123456789qwe 12345qwert12345
  123abc123abc 147258369147 147258369000 147852369147 159753159753 159357159357 741852963741 789456123789 789456123000 110110110110
  112233445566 123123123123 123321123321 121212121212 101010101010 131313131313 696969696969 987654321987 010203040506 100200300400
  thisispassword thisisapassword thisismypassword mypasswordis whatsmypassword ihatepasswords idontknow1234 letmeinplease letmeinletmein
  iloveyouforever iloveyousomuch iwillsurvive trustnobody1 nothingelsematters stairwaytoheaven onceuponatime maytheforcebewithyou
  tobeornottobe correcthorsebatterystaple opensesame123 openthedoor1 neveragain123 jesusislord1 jesuslovesme godisgood123 godislove1234
  mothersday12 leedsunited1 realmadrid123 fcbarcelona1 ronaldo12345 messi1234567 redhotchilipeppers metallica123 eminem123456
  nintendo64ds playstation1 playstation3 counterstrike worldofwarcraft callofduty123 grandtheftauto assassinscreed leagueoflegends
  startrek1234 harrypotter1 lordoftherings indianajones teletubbies1 spongebob123 bubblegum123 strawberry12 watermelon12
`)
