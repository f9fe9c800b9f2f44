// A page is made of our markup and other people's words, and the two never mix.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, safeHref, write } from '../../src/http/html.ts';

describe('words in a page', () => {
  it('stay words, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.constantFrom('<script>', '"><img onerror=x>', "' onload='x", '</p>', '&lt;')), (text) => {
        const page = write(html`<p title="${text}">${text}</p>`);
        const inside = page.slice('<p title="'.length, -'</p>'.length);
        expect(inside.replace('">', '')).not.toMatch(/[<>"]/);
        const read = (part: string) =>
          part
            .replace(/&lt;/g, '<')
            .replace(/&gt;/g, '>')
            .replace(/&quot;/g, '"')
            .replace(/&#39;/g, "'")
            .replace(/&amp;/g, '&');
        expect(read(inside.slice(0, inside.indexOf('">')))).toBe(text);
      }),
    );
  });

  it('leave nothing where there is nothing', () => {
    expect(write(html`<p>${null}${undefined}${false}${''}${[]}</p>`)).toBe('<p></p>');
  });

  it('come in lists and in our own markup', () => {
    expect(write(html`<ul>${['<a>', 'b'].map((one) => html`<li>${one}</li>`)}</ul>${3}`)).toBe('<ul><li>&lt;a&gt;</li><li>b</li></ul>3');
  });

  it('that only look like markup of ours are words', () => {
    const fake = { toString: () => '<b>' };
    expect(() => write(html`${fake as unknown as string}`)).toThrow();
  });

  it('may not stand in a tag without quotes', () => {
    expect(() => html`<p class=${'a b'}>`).toThrow();
    expect(() => html`<p ${'onclick'}>`).toThrow();
    expect(write(html`<input${html` checked`}${false}>`)).toBe('<input checked>');
    expect(write(html`<a href="/desk?view=${'a&b'}">`)).toBe('<a href="/desk?view=a&amp;b">');
  });
});

describe('a link', () => {
  it.for([
    'https://example.org/a',
    'http://localhost:3000',
    'mailto:help@example.org',
    '/desk',
    '/desk?x=1#reply',
    '#main',
    'page',
    '?a=b:c',
  ])('%s is kept', (href) => expect(safeHref(href)).toBe(href));

  it.for([
    'javascript:alert(1)',
    ' javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'data:text/html,<script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'tel:+1',
  ])('%j leads nowhere', (href) => {
    expect(safeHref(href)).toBe('#');
    expect(write(html`<a href="${href}">x</a>`)).toBe('<a href="#">x</a>');
  });
});
