postMessage('now');
setInterval(() => postMessage('now'), 5000);
