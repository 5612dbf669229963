using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;
using RemoteMcp.Http;
using RemoteMcp.Protocol;

namespace RemoteMcp.Limits;

/// <summary>Registers the limits and adds their steps to the pipeline.</summary>
internal static class LimitServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddStrictOptions<LimitOptions>(configuration, LimitOptions.Section);
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.AddSingleton<CallerLimits>();
        services.AddSingleton<CallPermits>();
        services.AddSingleton<MessageLimits>();
        services.AddSingleton<RequestMemory>();
        services.AddSingleton<LimitErrors>();
        services.AddSingleton<RequestBody>();
        return services;
    }

    /// <summary>
    /// Limits the memory for the bodies of requests whose callers are not signed in: those of the authorization server. A caller cannot be
    /// distinguished from others, so the limit applies to all of them together.
    /// </summary>
    public static IApplicationBuilder UseAnonymousLimits(this IApplicationBuilder app)
    {
        var memory = app.ApplicationServices.GetRequiredService<RequestMemory>();
        return app.Use((context, next) => ReplacedBody.RunAsync(context, new AnonymousBody(context.Request.Body, memory), next));
    }

    /// <summary>Adds the <see cref="RequestPermit"/> of the request, and counts the request before its body is read.</summary>
    public static IApplicationBuilder UseMessageLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<MessageLimits>();
        var permits = app.ApplicationServices.GetRequiredService<CallPermits>();
        return app.Use(async (context, next) =>
        {
            using var permit = new RequestPermit();
            context.Features.Set(permit);
            permits.Enter(permit);
            if (await limits.TryCountAsync(context, 1))
            {
                await next(context);
            }
        });
    }

    /// <summary>Reads the body of a POST request, within the limits of its caller and of the process.</summary>
    public static IApplicationBuilder UseRequestBody(this IApplicationBuilder app)
    {
        var body = app.ApplicationServices.GetRequiredService<RequestBody>();
        return app.Use((context, next) => HttpMethods.IsPost(context.Request.Method) ? body.ReadAsync(context, next) : next(context));
    }

    /// <summary>
    /// Limits JSON-RPC requests and GET streams. This step follows the one that splits batches into messages and the one that rejects
    /// callers without permission.
    /// </summary>
    public static IApplicationBuilder UseCallLimits(this IApplicationBuilder app)
    {
        var limits = app.ApplicationServices.GetRequiredService<CallerLimits>();
        var errors = app.ApplicationServices.GetRequiredService<LimitErrors>();
        return app.Use(async (context, next) =>
        {
            if (!HttpMethods.IsGet(context.Request.Method) && context.Features.Get<JsonRpcEnvelope>() is not { IsRequest: true })
            {
                await next(context);
                return;
            }

            var caller = Caller.From(context.User);
            using var counted = limits.CountRequest(caller);
            if (!counted.IsAcquired)
            {
                await errors.RefuseRequestsAsync(context, counted);
                return;
            }

            var call = limits.BeginCall(caller);
            context.Features.GetRequiredFeature<RequestPermit>().Add(call);
            await (call.IsAcquired ? next(context) : errors.RefuseConcurrentAsync(context));
        });
    }
}
