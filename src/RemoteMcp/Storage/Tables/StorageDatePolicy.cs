using Azure.Core;
using Azure.Core.Pipeline;

namespace RemoteMcp.Storage.Tables;

/// <summary>Reads the time of the storage from each of its responses.</summary>
internal sealed class StorageDatePolicy(StorageClock clock) : HttpPipelinePolicy
{
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var sent = clock.Time.GetTimestamp();
        await ProcessNextAsync(message, pipeline);
        Record(message, sent);
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        var sent = clock.Time.GetTimestamp();
        ProcessNext(message, pipeline);
        Record(message, sent);
    }

    private void Record(HttpMessage message, long sent)
    {
        if (message.HasResponse && message.Response.Headers.Date is { } date)
        {
            clock.Record(sent, date);
        }
    }
}
