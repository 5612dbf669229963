using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RemoteMcp.Http;
using RemoteMcp.Limits;
using RemoteMcp.Sessions;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Tests.Sessions;

public sealed class LegacySseTests
{
    [Fact]
    public async Task A_message_sent_immediately_after_the_endpoint_event_is_accepted()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IStateStore>(new MemoryStateStore(TimeProvider.System)).AddRemoteMcp(builder.Configuration);
        using var host = builder.Build();
        var legacy = host.Services.GetRequiredService<LegacySse>();
        using var leaves = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var client = new EagerClient(legacy, host.Services);
        var context = new DefaultHttpContext { RequestServices = host.Services, RequestAborted = leaves.Token };
        context.Response.Body = client;

        var streaming = legacy.StreamAsync(context);

        Assert.Equal(
            StatusCodes.Status202Accepted, await client.Answered.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
        await leaves.CancelAsync();
        await streaming;
    }

    /// <summary>A client that sends its first message before the server has finished writing the endpoint event.</summary>
    private sealed class EagerClient(LegacySse legacy, IServiceProvider services) : MemoryStream
    {
        private readonly TaskCompletionSource<int> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        private bool _isSent;

        public Task<int> Answered => _answered.Task;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await base.WriteAsync(buffer, cancellationToken);
            var told = Encoding.UTF8.GetString(GetBuffer(), 0, (int)Length);
            if (!_isSent
                && told.IndexOf('?', StringComparison.Ordinal) is > 0 and var query
                && told.EndsWith("\n\n", StringComparison.Ordinal))
            {
                _isSent = true;
                var context = new DefaultHttpContext { RequestServices = services, RequestAborted = cancellationToken };
                context.Request.Method = HttpMethods.Post;
                context.Request.QueryString = new QueryString(told[query..].TrimEnd());
                context.Features.Set(new BufferedBody("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray()));
                using var permit = new RequestPermit();
                context.Features.Set(permit);
                await legacy.MessageAsync(context);
                _answered.TrySetResult(context.Response.StatusCode);
            }
        }
    }
}
