using System.Net;
using System.Text;
using RemoteMcp.Tests.HomePage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer.Pages;

/// <summary>Tests that the text of clients and users remains text, whatever it contains.</summary>
public sealed class HostilePageTextTests
{
    private const int MaxPageBytes = 100 * 1024;

    public static TheoryData<string> HostileTexts =>
    [
        "<script>alert(1)</script>",
        "</bdi></h1><script>alert(1)</script>",
        "</title><img src=x onerror=alert(1)>",
        "</style><style>*{display:none}</style>",
        "\" autofocus onfocus=\"alert(1)",
        "' autofocus onfocus='alert(1)",
        "\"><svg/onload=alert(1)>",
        "\"><form action=https://evil.example><input name=decision value=approve>",
        "<!-- --><b>bold</b>",
        "<a href=javascript:alert(1)>x</a>",
        "<meta http-equiv=refresh content=0;url=https://evil.example>",
        "<base href=https://evil.example>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;script&#62;alert(1)",
        "{name}{{0}} ${alert(1)} @(1+1)",
        "\ud800<b>\udfff",
        "a\nb\r\nc\td\0e",
    ];

    [Theory, MemberData(nameof(HostileTexts))]
    public void No_text_becomes_markup(string text)
    {
        var harmless = ExampleViews.PagesWith("harmless");

        var pages = ExampleViews.PagesWith(text);

        Assert.All(harmless.Zip(pages), static pair => Assert.Equal(HtmlText.Tags(pair.First), HtmlText.Tags(pair.Second)));
    }

    [Theory]
    [InlineData('\u202e')]
    [InlineData('\u2066')]
    [InlineData('\u200f')]
    [InlineData('\u200b')]
    [InlineData('\u00ad')]
    [InlineData('\ufeff')]
    [InlineData('\u2028')]
    public void Names_with_invisible_characters_are_shown_with_escape_sequences(char invisible)
    {
        var page = WebUtility.HtmlDecode(ExampleViews.PagesWith($"Cla{invisible}ude")[1]);

        Assert.DoesNotContain(invisible, page);
        Assert.Contains($@"Cla\u{(int)invisible:X4}ude</bdi> wants to use", page);
    }

    [Fact]
    public void Right_to_left_name_is_isolated_from_the_text_around_it() =>
        Assert.Contains("<bdi>\u05d0\u05d1</bdi> wants to use", WebUtility.HtmlDecode(ExampleViews.PagesWith("\u05d0\u05d1")[1]));

    [Fact]
    public void Page_with_long_texts_stays_small_except_for_its_form_fields() =>
        Assert.All(ExampleViews.PagesWith(new string('\u4e2d', 10_000)), static page =>
        {
            var fields = HtmlText.Attributes(page, "(?:name|value|action|href)").Sum(static value => 8 * value.Length);
            Assert.InRange(Encoding.UTF8.GetByteCount(page) - fields, 1, MaxPageBytes);
        });

    [Fact]
    public void No_page_contains_a_script_or_an_inline_handler() => Assert.All(ExampleViews.PagesWith("text"), static page =>
    {
        Assert.DoesNotContain("<script", page);
        Assert.Empty(HtmlText.Attributes(page, "on[a-z]+"));
        Assert.Empty(HtmlText.Attributes(page, "style"));
        Assert.Empty(HtmlText.Attributes(page, "src"));
    });
}
