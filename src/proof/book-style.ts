// How the path book looks: quiet, readable on paper, every direction mirrored by logical properties.

export const bookStyle = `
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:70rem;padding:1rem;color:#1b1f23;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.3rem;border-block-end:2px solid #1b1f23;margin-block-start:2.5rem}h3{font:600 .85rem/1.4 ui-monospace,monospace;margin:0 0 .4rem}
nav ol{columns:18rem;font-size:.9rem;overflow-wrap:anywhere}a{color:#0b4f8a}
details{border:1px solid #c9ced3;border-radius:.5rem;margin-block:.6rem;padding:.5rem .8rem}summary{font-weight:600;cursor:pointer}
.codes{font:.8rem/1.4 ui-monospace,monospace;color:#4a5157;margin:.3rem 0;overflow-wrap:anywhere}
.chat{display:flex;flex-direction:column;gap:.5rem;max-width:34rem}
.we{align-self:flex-start;background:#eef0f2;border-radius:.2rem .9rem .9rem .9rem;padding:.5rem .8rem;max-width:30rem;overflow-wrap:anywhere}
.we[dir=rtl]{border-radius:.9rem .2rem .9rem .9rem}
.we p{margin:0}.we ul{list-style:none;margin:.5rem 0 0;padding:0;display:grid;gap:.25rem}
.button{display:inline-block;border:1px solid #6b7278;border-radius:.4rem;padding:.1rem .6rem;background:#fff}
.we small{font:.75rem ui-monospace,monospace;color:#4a5157}
.we .always{font-size:.8rem;color:#4a5157;margin-block-start:.4rem}
.they{align-self:flex-end;background:#d7f0dd;border-radius:.9rem .2rem .9rem .9rem;padding:.3rem .8rem;margin:0;max-width:26rem}
.they[dir=rtl]{border-radius:.2rem .9rem .9rem .9rem}
.screens{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:1.2rem}
article{border:1px solid #c9ced3;border-radius:.5rem;padding:.7rem;break-inside:avoid}
.sign{border-collapse:collapse;margin-block:1rem;width:100%;font-size:.85rem}.sign caption{text-align:start;font-weight:600}.sign th,.sign td{border:1px solid #6b7278;padding:.3rem;text-align:start;height:1.4rem}
@media print{details{break-inside:avoid-page}nav{display:none}}
`;
