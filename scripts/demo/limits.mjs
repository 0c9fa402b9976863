/** What was taken out for local AWS, and what the demo therefore does not prove. */
export function showGaps(screen, gaps) {
  const rows = Object.values(gaps).flatMap(({ dropped, replacedReferences, ignored }) => [
    ...dropped.map((line) => ['not deployed', line]),
    ...replacedReferences.map((line) => ['replaced', line]),
    ...Object.entries(ignored).map(([name, count]) => ['without effect', `${name} (${count})`]),
  ]);
  screen.heading('What local AWS lacks of this stack (the list is committed, and a difference ends the run)');
  screen.table(['', 'what'], rows);
}

export function showLimits(screen) {
  screen.heading('What this proves, and what not');
  screen.text('Local AWS proves wiring and logic: events, queue, retries, dead letters, the function and its objects.');
  screen.text('It does not prove encryption or isolation: keys, bucket and key policies, the VPC, the trail and the');
  screen.text(
    'permissions of the role are deployed or left out, never enforced. The tests check those on the template,',
  );
  screen.text('and only a real account can prove them.');
}
