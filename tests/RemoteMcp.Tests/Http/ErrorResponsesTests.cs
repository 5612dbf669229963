using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Http;
using RemoteMcp.Protocol;
using RemoteMcp.Storage;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Http;

public sealed class ErrorResponsesTests
{
    private const string Secret = TestTools.Secret;

    [Fact]
    public async Task Unexpected_failure_gets_internal_error_without_details()
    {
        var context = await FailAsync(new InvalidOperationException(Secret, new ArgumentException(Secret)));

        Assert.Equal(500, context.Response.StatusCode);
        Assert.Equal(-32603, (int?)Error(context)["code"]);
        Assert.DoesNotContain(Secret, Body(context));
        Assert.DoesNotContain("InvalidOperation", Body(context));
    }

    [Fact]
    public async Task The_error_carries_the_id_of_the_request()
    {
        var context = await FailAsync(new InvalidOperationException(), """{"jsonrpc":"2.0","id":"abc","method":"ping"}""");

        Assert.Equal("abc", (string?)JsonNode.Parse(Body(context))!["id"]);
    }

    [Fact]
    public async Task Unavailable_storage_gets_503_with_the_time_to_wait()
    {
        var context = await FailAsync(new StateUnavailableException(Secret, TimeSpan.FromSeconds(2.5), new IOException(Secret)));

        Assert.Equal(503, context.Response.StatusCode);
        Assert.Equal("3", context.Response.Headers.RetryAfter);
        Assert.DoesNotContain(Secret, Body(context));
    }

    [Fact]
    public async Task Unreadable_request_gets_a_client_error()
    {
        var context = await FailAsync(new BadHttpRequestException(Secret, StatusCodes.Status408RequestTimeout));

        Assert.Equal(408, context.Response.StatusCode);
        Assert.Equal(-32000, (int?)Error(context)["code"]);
        Assert.Equal("Request Timeout: the request could not be read.", (string?)Error(context)["message"]);
        Assert.DoesNotContain(Secret, Body(context));
    }

    [Fact]
    public async Task Error_response_does_not_contain_the_headers_of_the_handler()
    {
        var context = await RunAsync(static context =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "half-open";
            context.Response.ContentType = "text/event-stream";
            throw new InvalidOperationException();
        });

        Assert.False(context.Response.Headers.ContainsKey("Mcp-Session-Id"));
        Assert.Equal("application/json", context.Response.ContentType);
    }

    [Fact]
    public async Task Started_stream_ends_with_an_error_instead_of_the_answer()
    {
        var context = await RunAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("event: message\ndata: {}\n\n");
            throw new InvalidOperationException(Secret);
        }, """{"jsonrpc":"2.0","id":7,"method":"ping"}""");

        Assert.StartsWith("event: message\ndata: {}\n\nevent: message\ndata: {\"error\":{\"code\":-32603", Body(context));
        Assert.EndsWith("\"id\":7,\"jsonrpc\":\"2.0\"}\n\n", Body(context));
        Assert.DoesNotContain(Secret, Body(context));
    }

    [Fact]
    public async Task Started_JSON_answer_is_aborted()
    {
        var context = await RunAsync(static async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"half\":");
            throw new InvalidOperationException(Secret);
        });

        Assert.True(context.RequestAborted.IsCancellationRequested);
        Assert.Equal("{\"half\":", Body(context));
    }

    [Fact]
    public async Task Failure_after_a_disconnect_writes_no_body()
    {
        var context = await RunAsync(static context =>
        {
            context.Abort();
            throw new IOException(Secret);
        });

        Assert.Equal("", Body(context));
        Assert.Equal(499, context.Response.StatusCode);
    }

    [Theory]
    [InlineData(404, "/mcp")]
    [InlineData(405, "GET, POST")]
    [InlineData(415, "415")]
    public async Task Empty_error_response_gets_an_explanation(int status, string hint)
    {
        var context = await RunAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Allow = "GET, POST";
            return Task.CompletedTask;
        });

        Assert.Equal(status, context.Response.StatusCode);
        Assert.Contains(hint, (string?)Error(context)["message"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Failing_tool_gets_an_error_result_without_details(bool stateless)
    {
        await using var host = await TestServerHost.StartAsync();
        using var request = stateless
            ? Messages.PostStateless(Messages.StatelessCall("throws"))
            : Messages.Post(Messages.Call("throws"), await host.Client.InitializeAsync());

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var result = (await response.ReadMessageAsync())["result"]!;
        Assert.True((bool?)result["isError"]);
        Assert.Contains("throws", result.ToJsonString());
        Assert.DoesNotContain(Secret, result.ToJsonString());
        Assert.DoesNotContain("Exception", result.ToJsonString());
    }

    private static Task<HttpContext> FailAsync(Exception exception, string? body = null) => RunAsync(_ => throw exception, body);

    private static async Task<HttpContext> RunAsync(RequestDelegate handler, string? body = null)
    {
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).BuildServiceProvider();
        var wire = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services };
        context.Features.Set<IHttpRequestLifetimeFeature>(new Connection());
        context.Features.Set<IHttpResponseFeature>(new Response(wire));
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(wire));
        if (body is not null)
        {
            context.Features.Set(JsonRpcEnvelope.Read(Encoding.UTF8.GetBytes(body), ProtocolEra.Sessions));
        }

        var app = new ApplicationBuilder(services);
        app.UseErrorResponses();
        app.Run(handler);
        await app.Build()(context);
        return context;
    }

    private static string Body(HttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());

    private static JsonNode Error(HttpContext context) => JsonNode.Parse(Body(context))!["error"]!;

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => RequestAborted = new CancellationToken(canceled: true);
    }

    private sealed class Response(MemoryStream wire) : HttpResponseFeature
    {
        public override bool HasStarted => wire.Length > 0;
    }
}
