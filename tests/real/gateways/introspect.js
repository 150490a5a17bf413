// Runs in nginx (njs): lets a request pass if the authorization server says that its token is active
// (RFC 7662).

async function ask(r) {
  const found = /^bearer +([^ ]+)$/i.exec(r.headersIn.Authorization || '');
  if (!found) {
    r.return(401);
    return;
  }
  const body = `token=${encodeURIComponent(found[1])}`;
  const answer = await r.subrequest('/_introspection', { method: 'POST', body: body });
  const active = answer.status === 200 && JSON.parse(answer.responseText).active === true;
  r.return(active ? 204 : 401);
}

export default { ask };
