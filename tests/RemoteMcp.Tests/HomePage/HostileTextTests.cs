using System.Net;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.HomePage;

/// <summary>Tests that names and descriptions remain text, even if they look like markup.</summary>
public sealed class HostileTextTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("</code></pre><script>alert(1)</script>")]
    [InlineData("</title><img src=x onerror=alert(1)>")]
    [InlineData("</style><style>*{display:none}</style>")]
    [InlineData("</script><script>alert(1)//")]
    [InlineData("\" autofocus onfocus=\"alert(1)")]
    [InlineData("' autofocus onfocus='alert(1)")]
    [InlineData("\"><svg/onload=alert(1)>")]
    [InlineData("<!-- --><b>bold</b>")]
    [InlineData("&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("&#60;script&#62;alert(1)")]
    [InlineData("<a href=javascript:alert(1)>x</a>")]
    [InlineData("\"]}</code><iframe srcdoc='x'>")]
    [InlineData("\u202e>tpircs<\u2066\u0000\u0008")]
    [InlineData("\ud800<b>\udfff")]
    [InlineData("{name}{{0}} ${alert(1)} @(1+1)")]
    public async Task No_text_becomes_markup(string text)
    {
        var harmless = await RenderAsync("harmless");

        var html = await RenderAsync(text);

        Assert.Equal(HtmlText.Tags(harmless), HtmlText.Tags(html));
        // A browser shows an unpaired surrogate as a replacement character.
        var shown = WebUtility.HtmlDecode(html);
        Assert.Contains($"<h1 dir=\"auto\">{text.Replace('\ud800', '\ufffd').Replace('\udfff', '\ufffd')}</h1>", shown);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("\"&x=<y>#'")]
    public async Task Install_links_open_only_clients_for_any_server_name(string name)
    {
        var html = await RenderAsync(name);

        Assert.All(HtmlText.Attributes(html, "href").Skip(1), static link =>
        {
            Assert.Contains(new Uri(link).Scheme, (string[])["vscode", "cursor"]);
            Assert.DoesNotContain('"', link);
            Assert.DoesNotContain('<', link);
        });
    }

    private static async Task<string> RenderAsync(string text)
    {
        await using var host = await TestServerHost.StartAsync(
            new Dictionary<string, string?> { ["RemoteMcp:Name"] = text, ["RemoteMcp:Instructions"] = text },
            configure: server => server.Services.PostConfigure<McpServerOptions>(mcp =>
            {
                mcp.ToolCollection!.Clear();
                mcp.ToolCollection.Add(new HostileTool(text));
            }));
        return await host.Client.GetStringAsync("/", TestContext.Current.CancellationToken);
    }

    // The SDK checks the names of tools that it creates, but not the names of custom subclasses of McpServerTool.
    private sealed class HostileTool(string text) : McpServerTool
    {
        public override Tool ProtocolTool { get; } = new()
        {
            Name = text,
            Title = text,
            Description = text,
            Annotations = new() { ReadOnlyHint = true },
        };

        public override IReadOnlyList<object> Metadata => [];

        public override ValueTask<CallToolResult> InvokeAsync(
            RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) =>
            new(new CallToolResult());
    }
}
