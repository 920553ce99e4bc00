/** Some of the most common given names of Europe, the Americas and Asia, in Latin letters and lower case. */
export const givenNames: ReadonlySet<string> = new Set(
  `aaron abdul abigail adam adela adrian ahmed aisha akira alan alba albert alejandro aleksandr alessandro alex alexander
  alexandra alexandre alexis alfred ali alice alina amanda amelia amina amir ana anastasia anders andre andrea andreas
  andrei andres andrew angela angelina anil anita anja ann anna anne annette anthony antoine anton antonio ada arjun
  arthur astrid ashley aurora axel barbara beatrice ben benjamin bernard beth bilal birgit bjorn bob boris brandon brenda
  brian bruno camila camille carl carla carlos carmen carol caroline catherine cecilia charles charlotte chen chloe
  christian christina christine christoph christopher claire clara claudia claudio clemens cristina cynthia daniel daniela
  david deborah deepak denis dennis diana diego dieter dirk dmitri dominik donald dorothy edith eduardo edward elena elias
  elif elisa elisabeth elizabeth ella ellen elsa emil emilia emily emma enrique eric erik erika esther ethan eva evelyn
  fabian fatima felix fernando filip finn florian frances francesca francesco francisco francois frank franz frederic
  friedrich gabriel gabriela george georg gerard gerhard giovanni giulia gloria grace greta guillaume gustav guy hanna
  hannah hans harald harry hassan heather heidi heike heinz helen helena helga henri henrik henry hiroshi holger hugo
  hussein ian ibrahim ida ignacio ines inga ingrid irene irina isaac isabel isabella ivan jack jacob jakob james jan jane
  janet jason javier jean jeffrey jennifer jens jeremy jessica jesus jim joan joana joao joe joel johan johanna johannes
  john jon jonas jonathan jorge jose joseph josef joshua juan judith julia julian julie jurgen justin kai karen karin karl
  karolina katarina kate katharina katherine kathleen katja kenji kenneth kerstin kevin kim klaus kristina krzysztof kumar
  kyle lars laura lea leah lena leo leon leonardo leonie liam lily linda lisa logan louis louise luca lucas lucia lucy
  ludwig luis luisa lukas luke magdalena maja manfred manuel marc marcel marco marcos marcus margaret maria marie marina
  mario marion mark marko markus marta martha martin martina mary mateo mathias matteo matthew matthias maurice max
  maximilian megan mehmet mei melanie melissa mia michael michaela michal michel michelle miguel mike mikhail mila milan
  mohamed mohammed monica monika moritz muhammad mustafa nadia nancy natalia natalie nathan nicholas nick nicola nicolas
  nicole niels nikolai nina nino noah nora nuno olaf oleg olga oliver olivia omar oscar oskar otto pablo pamela paolo
  patricia patrick paul paula paulo pavel pedro peter petra philip philipp philippe pierre piotr priya rachel rafael rahul
  raj rajesh ralf ramon raquel raymond rebecca regina renate renata ricardo richard rita robert roberto robin roland roman
  ronald rosa rosemary ruben rudolf russell ruth ryan sabine sabrina sakura sam samantha samuel sandra sanjay santiago sara
  sarah scott sean sebastian sergei sergio sharon shirley silvia simon simone sofia sonia sonja sophia sophie stefan stefanie
  stella stephan stephanie stephen steve steven sunil susan susanne suzanne sven svetlana sylvia takashi tamara tanja tatiana
  teresa theo theresa thomas thorsten tim timothy tina tobias tom tomas tomasz torsten ulrich ulrike ursula uwe valentina
  valeria vanessa vera veronica victor victoria viktor vincent vladimir walter wei wendy werner wilhelm william wolfgang
  xavier yan yasmin yusuf yuki yuri yves yvonne zoe`.split(/\s+/),
)
